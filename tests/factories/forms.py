"""Factories of forms: raw stream data with explicit ids, since answers are stored by question id."""

import datetime
import uuid
from typing import Any

import factory
from wagtail.models import Page

from forms.answers.versions import ensure_version
from forms.enums import FormKind
from forms.models import Case, FormPage, RefusalReason, Regime
from forms.submission.services import submit

from .base import Made, ModelFactory


def question(question_id: str, type_: str = "short_text", **value) -> dict:
    """Return one question as raw stream data; required by default."""
    words = {} if type_ == "content" else {"label": f"Label of {question_id}"}
    return {"type": type_, "id": question_id, "value": {"required": True} | words | value}


def section(*questions: dict, section_id: str = "s1", title: str = "Your details") -> dict:
    """Return one section as raw stream data."""
    return {"type": "section", "id": section_id, "value": {"title": title, "intro": "", "questions": list(questions)}}


class FormPageFactory(Made[FormPage], factory.Factory[FormPage]):
    """A live application form below the home page, with one short question unless ``questions`` are passed."""

    class Meta:
        model = FormPage

    class Params:
        questions = (question("why", label="Why do you want to join?"),)

    title = factory.Sequence(lambda n: f"Form {n}")
    kind = FormKind.APPLICATION
    what_happens_next = "<p>We telephone you within ten days.</p>"
    sections = factory.LazyAttribute(lambda form: [section(*form.questions)])

    @classmethod
    def _create(cls, model_class: type, *args, **kwargs) -> FormPage:
        parent = kwargs.pop("parent", None) or Page.objects.get(depth=2)
        return parent.add_child(instance=model_class(*args, **kwargs))


def republish(form: FormPage, **changes) -> FormPage:
    """Change a form as an editor does, by a revision that is published, and return it."""
    form = FormPage.objects.get(pk=form.pk)
    for name, value in changes.items():
        setattr(form, name, value)
    form.save_revision().publish()
    return FormPage.objects.get(pk=form.pk)


def send_to(form: FormPage, answers: dict, key):
    """Submit a form through the service, and return the submission."""
    version = ensure_version(form)
    assert version is not None
    return submit(version=version, answers=answers, key=key)


class RegimeFactory(ModelFactory[Regime]):
    """A panel's own regime: acknowledged in 3 working days, answered in 10, extended by 5 at most (H 7)."""

    class Meta:
        model = Regime
        skip_postgeneration_save = True

    # Several processes make some for one site in a browser: a count would begin anew in each.
    slug = factory.LazyFunction(lambda: f"rules-{uuid.uuid4().hex[:8]}")
    name = factory.LazyAttribute(lambda regime: f"Rules {regime.slug[-8:]}")
    acknowledge_amount = 3
    answer_amount = 10
    extension_amount = 5
    review_amount = 10

    @factory.post_generation
    def reasons(self: Any, create: bool, extracted, **kwargs) -> None:
        """Add reasons for refusal."""
        self.refusal_reasons = [RefusalReason(words=words) for words in extracted or ("It tells who somebody is",)]
        self.save()


def case_of(
    kind: FormKind = FormKind.REQUEST, *, received_on: datetime.date | None = None, answers: dict | None = None, **form
) -> Case:
    """Return a case of a kind, as the service opens it; a request is under a regime by default."""
    if kind == FormKind.REQUEST:
        form.setdefault("regime", RegimeFactory())
    email = question("email", "email", label="Your email", required=False)
    name = question("name", "name", label="Your name", required=False)
    form.setdefault("questions", [question("why", label="Why?"), name, email])
    page = FormPageFactory(kind=kind, **form)
    given = {"why": "A", "name": {"first_name": "Ada", "surname": "Byron"}, "email": "ada@example.org"}
    version = ensure_version(page)
    assert version is not None
    sent = submit(
        version=version,
        answers=given if answers is None else answers,
        key=uuid.uuid4(),
        received_on=received_on,
    )
    return sent.case
