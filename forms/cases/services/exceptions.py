"""Exceptions of case services."""

from django.core.exceptions import ValidationError


class CaseTransitionNotAllowed(ValidationError):
    """Raised for a step that is not allowed, with a message for the user."""


def require(given: object, words: str) -> None:
    """Raise an error if a required value is missing.

    :raises CaseTransitionNotAllowed: with the message, if the value is falsy.
    """
    if not given:
        raise CaseTransitionNotAllowed(words)
