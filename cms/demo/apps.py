"""App config of the demo. It is above the other apps, since it fills all of them."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """An invented landlord's site, loaded by ``manage.py load_demo``."""

    name = "cms.demo"
    label = "demo"
    verbose_name = "Demo"
