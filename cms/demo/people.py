"""Loader of the demo's user accounts, each in its groups."""

import os
import secrets
from pathlib import Path

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from scrutiny_pages.models import Person

from .content import read

PASSWORD_BYTES = 12


def load_people(password: str = "") -> list[tuple[str, str, str]]:
    """Create the demo's accounts. An existing account keeps its password and is not returned.

    :returns: rows of user name, password and purpose of the account.
    """
    made = []
    for data in read("settings")["people"]:
        if get_user_model().objects.filter(username=data["username"]).exists():
            continue
        chosen = password or secrets.token_urlsafe(PASSWORD_BYTES)
        names = {name: data[name] for name in ("first_name", "last_name", "email")}
        superuser = data.get("superuser", False)
        user = get_user_model().objects.create_user(
            data["username"], password=chosen, is_superuser=superuser, is_staff=superuser, **names
        )
        user.groups.set(Group.objects.filter(name__in=data.get("groups", [])))
        # Whoever sits on a panel of the demo signs in as themselves.
        Person.objects.filter(email=data["email"]).update(user=user)
        made.append((data["username"], chosen, data["last_name"]))
    return made


def keep_sign_ins(path: Path, rows: list[tuple[str, str, str]]) -> str:
    """Write the sign-ins to a file that only its owner may read, and return the same as text."""
    text = "".join(f"{role:<15} user name: {name:<12} password: {password}\n" for name, password, role in rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    # An older file keeps its mode when it is opened again.
    path.chmod(0o600)
    return text
