"""Descriptions of a form's changes since its latest version."""

import pytest

from forms.answers.versions import ensure_version
from forms.builder.definition_diff import changes_between
from forms.models import FormPage
from tests.factories.forms import question, section

YES_NO = {"id": "a", "type": "yes_no", "label": "Are you a tenant?"}
RADIOS = {"id": "b", "type": "radios", "label": "Where?", "options": ["Here", "There"]}
TEXT = {"id": "c", "type": "content", "text": "<p>Nearly <b>done</b> &amp; dusted</p>"}


def form(*sections: list[dict], **changes) -> dict:
    parts = [{"id": f"s{at}", "title": f"Part {at}", "questions": items} for at, items in enumerate(sections, 1)]
    return {"title": "Join", "kind": "general", "sections": parts} | changes


OLD = form([YES_NO, RADIOS, TEXT])

CHANGES = [
    (OLD, []),
    (form([YES_NO, RADIOS, TEXT], title="Join us"), ["The form is called “Join us”, not “Join”."]),
    (form([YES_NO, RADIOS, TEXT], next="<p>We call.</p>"), ["What happens next is told in other words."]),
    (form([YES_NO, RADIOS]), ["“Nearly done & dusted” is no longer asked."]),
    (form([YES_NO, RADIOS, TEXT, YES_NO | {"id": "d"}]), ["New: “Are you a tenant?”."]),
    (form([YES_NO | {"label": "Do you rent?"}, RADIOS, TEXT]), ["“Are you a tenant?” now reads “Do you rent?”."]),
    (form([YES_NO | {"required": True}, RADIOS, TEXT]), ["“Are you a tenant?” must now be answered."]),
    (form([YES_NO, RADIOS | {"hint": "Roughly"}, TEXT]), ["The hint of “Where?” is in other words."]),
    (form([YES_NO | {"handlers_only": True}, RADIOS, TEXT]), ["“Are you a tenant?” is now for handlers only."]),
    (
        form([YES_NO | {"follow_up": "Why?"}, RADIOS, TEXT]),
        ["The words or limits of “Are you a tenant?” are different."],
    ),
    (
        form([YES_NO, RADIOS | {"options": ["Here", "Away"]}, TEXT]),
        ["“Where?” can also be answered with “Away”.", "“Where?” can no longer be answered with “There”."],
    ),
    (
        form([YES_NO, RADIOS | {"options": ["There", "Here"]}, TEXT]),
        ["The answers of “Where?” are in another order."],
    ),
    (form([RADIOS, TEXT, YES_NO]), ["“Are you a tenant?” stands in another place."]),
    (
        form([YES_NO, RADIOS | {"when": {"question": "a", "is": ["yes"]}}, TEXT]),
        ["“Where?” is now asked only after “Yes” to “Are you a tenant?”."],
    ),
    (
        form([YES_NO, TEXT], [RADIOS]),
        ["New section: “Part 2”.", "“Where?” stands in the section “Part 2”."],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("new", "told"), CHANGES, ids=[" ".join(told) or "nothing" for _, told in CHANGES])
def test_each_change_is_told_in_a_sentence_of_its_own(new, told):
    assert changes_between(OLD, new) == told


def test_what_is_taken_away_again_is_told():
    conditional = form([YES_NO, RADIOS | {"when": {"question": "a", "is": ["yes"]}}], [TEXT])
    assert changes_between(conditional, form([YES_NO | {"required": True}, RADIOS])) == [
        "The section “Part 2” is gone.",
        "“Are you a tenant?” must now be answered.",
        "“Where?” is now asked of everybody.",
        "“Nearly done & dusted” is no longer asked.",
    ]
    assert changes_between(form([YES_NO | {"required": True}]), form([YES_NO])) == [
        "“Are you a tenant?” can now be left empty."
    ]


@pytest.mark.django_db
def test_an_editor_reads_them_beside_the_questions(form_page, admin_client):
    ensure_version(form_page)
    url = f"/admin/pages/{form_page.pk}/edit/"
    assert "nothing in it has changed since" in admin_client.get(url).content.decode()
    draft = FormPage.objects.get(pk=form_page.pk)
    draft.sections = [section(question("why", label="What brings you here?"))]
    draft.save_revision()
    page = admin_client.get(url).content.decode()
    assert "Since version 1" in page
    assert "“Why do you want to join?” now reads “What brings you here?”." in page
