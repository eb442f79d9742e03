"""Keeping every wording of a form that anybody was shown."""

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max, QuerySet

from .definition import definition_of, digest_of

if TYPE_CHECKING:
    from .models import FormPage, FormVersion


def ensure_version(form: "FormPage") -> "FormVersion | None":
    """Give the version that says what the live form says now, making it if there is none; none while it is not live.

    Safe to call at any time and from many processes. It reads the stored form, never the instance in
    hand, which may hold a draft; and it is called both on publishing and whenever the form is shown,
    since Wagtail has ways to publish that tell nobody.
    """
    stored = type(form).objects.filter(pk=form.pk)
    found = _current(stored)
    if found is None or found[1] is not None:
        return found and found[1]
    with transaction.atomic():
        # Whoever holds the form's row makes the version; the others wait, look again and find it.
        found = _current(stored.select_for_update(of=("self",)))
        if found is None or found[1] is not None:
            return found and found[1]
        live = found[0]
        definition = definition_of(live)
        newest = live.versions.aggregate(number=Max("number"))["number"] or 0
        return live.versions.create(
            form_key=live.form_key,
            form_title=live.title,
            kind=live.kind,
            number=newest + 1,
            digest=digest_of(definition),
            definition=definition,
            keep_months=live.keep_months,
        )


def _current(forms: QuerySet) -> "tuple[FormPage, FormVersion | None] | None":
    live = forms.filter(live=True).first()
    if live is None:
        return None
    newest = live.versions.order_by("-number").first()
    matches = newest is not None and newest.digest == digest_of(definition_of(live))
    return live, newest if matches and newest.keep_months == live.keep_months else None
