"""Related records of a submission: the panel, the review and the recommendation in its answers."""

from django.db.models import Model

from ...answers.forms import questions_in


def records_named_in(definition: dict, answers: dict) -> dict[str, Model]:
    """Return the records that answers refer to, as fields of a case: the first of each kind that still exists."""
    found: dict[str, Model] = {}
    for question in questions_in(definition):
        if question.case_field and question.case_field not in found:
            record = question.record(answers.get(question.id))
            found |= {question.case_field: record} if record else {}
    return found
