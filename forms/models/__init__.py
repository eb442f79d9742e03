"""Everything a resident submits."""

from .form_page import FormPage
from .submission import Submission
from .version import FormVersion

__all__ = ["FormPage", "FormVersion", "Submission"]
