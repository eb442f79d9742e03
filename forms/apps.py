"""Everything a resident submits."""

from django.apps import AppConfig


class FormsConfig(AppConfig):
    """Forms."""

    name = "forms"
    verbose_name = "Forms"
