"""The demo's sign-ins, and the groups that say what each may do."""

import os
import secrets
from pathlib import Path

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db.models import Q
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from .content import read

PASSWORD_BYTES = 12
# Words have drafts, so they can be published too. Nothing here may be deleted by an editor: history hangs on it.
DRAFTED = ["panel", "recommendation"]
PLAIN = [
    *("agreement", "meeting", "memberkind", "regularduty", "role", "servicearea", "training"),
    *("researchmethod", "reviewkind", "standard", "workprogramme"),
]
# The arrangement is an administrator's: changing it changes what every review and every promise is held to.
ARRANGEMENT = ["escalationroute", "reviewprocess", "trigger"]
CASEWORK = {
    ("wagtailadmin", "access_admin"),
    ("forms", "handle_submission"),
    ("scrutiny_pages", "handle_membership"),
    ("scrutiny_pages", "record_step"),
    ("scrutiny_pages", "view_regularduty"),
    ("scrutiny_pages", "change_regularduty"),
    ("scrutiny_pages", "view_recommendation"),
    ("scrutiny_pages", "view_panel"),
    ("scrutiny_pages", "view_agreement"),
    ("scrutiny_pages", "view_training"),
    # Who came is recorded from the list of meetings.
    ("scrutiny_pages", "view_meeting"),
}
# A chair records what the panel decided, and nothing that the landlord says or does.
CHAIR = {
    ("wagtailadmin", "access_admin"),
    ("scrutiny_pages", "decide_step"),
    ("scrutiny_pages", "view_recommendation"),
}


def load_groups(home: Page) -> None:
    """Make the groups.

    Editor: pages, records, pictures, settings. Caseworker: applications, members, promises. Panel chair: decisions.
    """
    editor, _ = Group.objects.get_or_create(name="Editor")
    editor.permissions.set(_permissions(_editor_permissions()))
    for codename in ("add_page", "change_page", "publish_page"):
        permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=codename)
        GroupPagePermission.objects.get_or_create(group=editor, page=home, permission=permission)
    for label, kind in (("wagtailimages", "image"), ("wagtaildocs", "document")):
        for action in ("add", "change", "choose"):
            permission = Permission.objects.get(content_type__app_label=label, codename=f"{action}_{kind}")
            GroupCollectionPermission.objects.get_or_create(
                group=editor, collection=Collection.get_first_root_node(), permission=permission
            )
    for name, wanted in (("Caseworker", CASEWORK), ("Panel chair", CHAIR)):
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.set(_permissions(wanted))


def _editor_permissions() -> set[tuple[str, str]]:
    actions = ("add", "change", "view")
    records = {("scrutiny_pages", f"{action}_{kind}") for action in actions for kind in DRAFTED + PLAIN}
    publishing = {("scrutiny_pages", f"publish_{kind}") for kind in DRAFTED}
    settings = {("core", "change_sitesettings"), ("home", "change_navigation")}
    arrangement = {("scrutiny_pages", f"view_{kind}") for kind in ARRANGEMENT}
    questions = {("forms", f"{action}_questionset") for action in actions} | {("forms", "view_regime")}
    return {("wagtailadmin", "access_admin")} | records | publishing | settings | arrangement | questions


def _permissions(wanted: set[tuple[str, str]]) -> list[Permission]:
    """Give permissions by app and name; those that this installation does not have are left out."""
    conditions = Q(pk__in=[])
    for label, codename in wanted:
        conditions |= Q(content_type__app_label=label, codename=codename)
    return list(Permission.objects.filter(conditions))


def load_people(password: str = "") -> list[tuple[str, str, str]]:
    """Make the demo's accounts. An account that is there already keeps its password and is not told.

    :returns: rows of user name, password and what the account is for.
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
        if "group" in data:
            user.groups.add(Group.objects.get(name=data["group"]))
        made.append((data["username"], chosen, data["last_name"]))
    return made


def keep_sign_ins(path: Path, rows: list[tuple[str, str, str]]) -> str:
    """Write the sign-ins to a file that only its owner may read, and give the same as text."""
    text = "".join(f"{role:<15} user name: {name:<12} password: {password}\n" for name, password, role in rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    # An older file keeps its mode when it is opened again.
    path.chmod(0o600)
    return text
