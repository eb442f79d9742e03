"""What an answered form is about: the panel, the review and the recommendation that it names."""

from django.db.models import Model

from ...answers.forms import questions_in


def subjects_of(definition: dict, answers: dict) -> dict[str, Model]:
    """Return the records that answers name, as fields of a case: the first of each kind that is still there."""
    found: dict[str, Model] = {}
    for question in questions_in(definition):
        if question.case_field and question.case_field not in found:
            record = question.record(answers.get(question.id))
            found |= {question.case_field: record} if record else {}
    return found
