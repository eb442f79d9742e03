"""Storage of every version of a form that was published."""

from django.db import transaction
from django.db.models import Max, QuerySet

from ..builder.definition import definition_of, digest_of
from ..models import FormPage, FormVersion


def current_version(form: FormPage) -> FormVersion | None:
    """Return the version with the wording of the live form, unsaved if none is stored; None if it is not live.

    Writes nothing, for rendering a form. Call `ensure_version` before anything refers to a version.
    """
    found = _current(FormPage.objects.filter(pk=form.pk))
    return found and (found[1] or _next_version(found[0]))


def ensure_version(form: FormPage) -> FormVersion | None:
    """Return the version with the wording of the live form, storing it if necessary; None if it is not live.

    Safe to call at any time and from many processes. It reads the stored form, never the instance in hand, which may
    hold a draft. It is called whenever a form is saved, and before a submission is stored, since some changes of forms
    send no signal.
    """
    stored = FormPage.objects.filter(pk=form.pk)
    found = _current(stored)
    if found is None or found[1] is not None:
        return found and found[1]
    with transaction.atomic():
        # Whoever holds the form's row makes the version; the others wait, look again and find it.
        found = _current(stored.select_for_update(of=("self",)))
        if found is None or found[1] is not None:
            return found and found[1]
        version = _next_version(found[0])
        version.save(force_insert=True)
        return version


def _next_version(live: FormPage) -> FormVersion:
    definition = definition_of(live)
    newest = live.versions.aggregate(number=Max("number"))["number"] or 0
    return FormVersion(
        form=live,
        form_key=live.form_key,
        form_title=live.title,
        kind=live.kind,
        number=newest + 1,
        digest=digest_of(definition),
        definition=definition,
        keep_months=live.keep_months,
    )


def _current(forms: QuerySet) -> tuple[FormPage, FormVersion | None] | None:
    live = forms.filter(live=True).first()
    if live is None:
        return None
    newest = live.versions.order_by("-number").first()
    matches = newest is not None and newest.digest == digest_of(definition_of(live))
    return live, newest if matches and newest.keep_months == live.keep_months else None
