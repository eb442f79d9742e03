"""Models of forms and of everything that residents submit."""

from .access import AccessRecord
from .case import Case, CaseEvent, CaseExtension, CaseMessage, CasePause
from .draft import SavedForm
from .equality import EqualityCount
from .form_page import FormPage
from .handling import FormHandling
from .public_entry import PublicEntry
from .question_set import QuestionSet
from .regime import RefusalReason, Regime
from .submission import Submission
from .totals import CaseTotal
from .upload import Upload
from .version import FormVersion
from .wording import MessageWording

__all__ = [
    "AccessRecord",
    "Case",
    "CaseEvent",
    "CaseExtension",
    "CaseMessage",
    "CasePause",
    "CaseTotal",
    "EqualityCount",
    "FormHandling",
    "FormPage",
    "FormVersion",
    "MessageWording",
    "PublicEntry",
    "QuestionSet",
    "RefusalReason",
    "Regime",
    "SavedForm",
    "Submission",
    "Upload",
]
