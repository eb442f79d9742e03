"""The page that tells staff all about one thing that somebody sent."""

from django.utils import timezone

from cms.core.admin.private_models import RegisterInspectView

from ..answers.forms import rows_of
from ..models import Case
from .actions import possible
from .presenters import dates_told
from .services.messages import contact_of


def case_in_full(pk: int) -> Case:
    """Return a case with all that its page tells."""
    rows = Case.objects.select_related("submission__version__form", "handler", "regime", "panel", "membership__panel")
    rows = rows.select_related("review", "recommendation")
    together = ("pauses", "extensions", "messages__by", "events__by", "submission__uploads", "regime__refusal_reasons")
    return rows.prefetch_related(*together).get(pk=pk)


class CaseView(RegisterInspectView):
    """One submission: where it stands, what can be done, the answers as they were asked, and what has happened."""

    def get_page_title(self) -> str:
        """Return the form's title, as it was."""
        return self.instance.version.form_title

    def get_context_data(self, **kwargs) -> dict:
        """Add the case."""
        case = case_in_full(self.instance.case.pk)
        sent = case.submission
        more = {
            "case": case,
            "sent": sent,
            "sections": rows_of(sent.version.definition, sent.answers),
            "files": sent.uploads.all(),
            "steps": list(possible(case)),
            "dates": list(dates_told(case, timezone.localdate())),
            "is_late": case.is_late(timezone.localdate()),
            "contact": contact_of(case),
        }
        return super().get_context_data(**more, **kwargs)
