"""The admin's detail view of a submission and its case."""

from typing import Any

from django.utils import timezone

from cms.core.admin.private_models import RegisterInspectView

from ..answers.forms import rows_of
from ..models import Case
from .actions import possible
from .presenters import describe_dates
from .services.messages import contact_of


def case_in_full(pk: int) -> Case:
    """Return a case with everything that its page shows, in a fixed number of queries."""
    rows = Case.objects.select_related("submission__version__form", "handler", "regime", "panel", "membership__panel")
    rows = rows.select_related("review", "recommendation")
    together = ("pauses", "extensions", "messages__by", "events__by", "submission__uploads", "regime__refusal_reasons")
    return rows.prefetch_related(*together).get(pk=pk)


class CaseView(RegisterInspectView):
    """The detail view of a submission: state, possible steps, answers and history."""

    def get_page_title(self) -> str:
        """Return the title of the form at the time of sending."""
        return self.instance.version.form_title

    def get_context_data(self, **kwargs: Any) -> dict:
        """Add the case to the context."""
        case = case_in_full(self.instance.case.pk)
        sent = case.submission
        more = {
            "case": case,
            "sent": sent,
            "sections": rows_of(sent.version.definition, sent.answers),
            "files": sent.uploads.all(),
            "steps": list(possible(case)),
            "dates": list(describe_dates(case, timezone.localdate())),
            "is_late": case.is_late(timezone.localdate()),
            "contact": contact_of(case),
        }
        return super().get_context_data(**more, **kwargs)
