"""The foundation: knows nothing of the apps above it."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """What every part of the site stands on: base page, settings, blocks and visibility."""

    name = "cms.core"
    label = "core"
    verbose_name = "Core"
