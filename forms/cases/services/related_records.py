"""What an answered form is about: the panel, the review and the recommendation that it names."""

from django.db.models import Model

from scrutiny_pages.models import Panel, Recommendation, ReviewPage

# By type of question: where the case keeps it.
KEPT_AS: dict[str, tuple[str, type[Model]]] = {
    "panel_choice": ("panel", Panel),
    "review_choice": ("review", ReviewPage),
    "recommendation_choice": ("recommendation", Recommendation),
}


def subjects_of(definition: dict, answers: dict) -> dict[str, Model]:
    """Give the records that answers name, as fields of a case: the first of each kind that is still there."""
    found: dict[str, Model] = {}
    for section in definition["sections"]:
        for item in section["questions"]:
            name, model = KEPT_AS.get(item["type"], ("", None))
            chosen = answers.get(item["id"])
            if model and name not in found and isinstance(chosen, dict):
                record = model.objects.filter(pk=chosen.get("pk")).first()
                found |= {name: record} if record else {}
    return found
