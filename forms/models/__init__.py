"""Everything a resident submits."""

from .form_page import FormPage

__all__ = ["FormPage"]
