"""Registry of which models of forms are public.

Besides form pages these are the entries of the disclosure log and the statistics.
"""

from cms.core.public_registry import PublicModel, register_part, register_private, register_public

from .models import (
    AccessRecord,
    Case,
    CaseEvent,
    CaseExtension,
    CaseMessage,
    CasePause,
    CaseTotal,
    EqualityCount,
    FormHandling,
    FormVersion,
    MessageWording,
    PublicEntry,
    QuestionSet,
    RefusalReason,
    Regime,
    SavedForm,
    Submission,
    Upload,
)

register_public(
    PublicModel(
        model=PublicEntry,
        endpoint="information-requests_api",
        order=("pk",),
        last_modified=lambda entries: {entry.pk: entry.changed_at for entry in entries},
        changes_at="published_at",
    )
)
# What a form asks, and the numbers that the disclosure log shows of cases.
register_part(FormVersion, QuestionSet, Regime, RefusalReason)
register_part(Case, CaseEvent, CaseExtension, CaseMessage, CasePause, CaseTotal, FormHandling, MessageWording)
register_private(AccessRecord, EqualityCount, SavedForm, Submission, Upload)
