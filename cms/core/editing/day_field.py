"""A form field for a date typed by staff."""

from django import forms
from wagtail.admin.widgets import AdminDateInput


class DayField(forms.DateField):
    """A date in the formats of ``cms.formats``. Invalid input is refused, and stays in the field."""

    widget = AdminDateInput
    default_error_messages = {
        "invalid": "This is not a day that we can read. Write it as 20/11/2026, or as 20 November 2026."
    }
