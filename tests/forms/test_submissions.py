"""Nothing is lost and nothing is doubled."""

import uuid

import pytest

from forms import submissions
from forms.models import Submission
from forms.submissions import KeyInUse, already_sent, submit
from forms.versions import ensure_version
from tests.factories.forms import FormPageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(form_page):
    return ensure_version(form_page)


def test_the_same_key_gives_the_same_submission(version):
    key = uuid.uuid4()
    first = submit(version=version, answers={"why": "A"}, key=key)
    again = submit(version=version, answers={"why": "B"}, key=key)
    assert (again.pk, again.reference, again.answers) == (first.pk, first.reference, {"why": "A"})
    assert Submission.objects.count() == 1


def test_another_key_is_another_submission(version):
    references = {submit(version=version, answers={}, key=uuid.uuid4()).reference for _ in range(3)}
    assert len(references) == 3


def test_a_key_that_came_with_another_form_is_refused_and_loses_nothing(version):
    key = uuid.uuid4()
    submit(version=version, answers={}, key=key)
    other = ensure_version(FormPageFactory())
    with pytest.raises(KeyInUse):
        submit(version=other, answers={}, key=key)
    with pytest.raises(KeyInUse):
        already_sent(key=key, form_id=other.form_id)


def test_a_key_is_known_again_after_its_form_is_deleted(version, form_page):
    key = uuid.uuid4()
    submit(version=version, answers={}, key=key)
    form_page.delete()
    assert already_sent(key=key, form_id=None)


def test_a_reference_that_is_taken_is_drawn_again(version, monkeypatch):
    drawn = iter(["BBBBBBBB", "BBBBBBBB", "CCCCCCCC"])
    monkeypatch.setattr(submissions, "new_reference", lambda: next(drawn))
    references = [submit(version=version, answers={}, key=uuid.uuid4()).reference for _ in range(2)]
    assert references == ["BBBBBBBB", "CCCCCCCC"]


def test_references_are_short_and_hard_to_misread():
    drawn = {submissions.new_reference() for _ in range(500)}
    assert len(drawn) == 500
    assert {len(reference) for reference in drawn} == {8}
    assert not set("".join(drawn)) & set("01IOLUAE5SZ")


def test_a_submission_says_nothing_of_its_answers(version):
    sent = submit(version=version, answers={"why": "private"}, key=uuid.uuid4())
    assert str(sent) == sent.reference
    assert "private" not in repr(sent)
