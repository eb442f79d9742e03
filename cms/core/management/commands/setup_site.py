"""``manage.py setup_site``: turns an installed checkout into a site that can serve, in one process."""

import io
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand
from wagtail.models import Site


class Command(BaseCommand):
    """Bring the database and static files up to date, load the demo on first use, and say where the site is."""

    help = "Migrate, collect static files, load the demo into an empty site, and print the address and sign-ins."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the port that the site will be served on, and the starter that an empty site shows."""
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--starter", default="", help="Show this starter's arrangement instead of the demo.")

    def handle(self, *args: Any, port: int, starter: str, **options: Any) -> None:
        """Run the steps, and print the site's address."""
        call_command("migrate", verbosity=0)
        if not settings.DEBUG:
            self._collect_static()
        if "load_demo" in get_commands():
            # What it says is said below, on the first run and on every other.
            call_command("load_demo", if_empty=True, starter=starter, stdout=io.StringIO())
        self._answer_on(port)
        self.stdout.write(f"\nThe site:  http://localhost:{port}/")
        self.stdout.write(f"For staff: http://localhost:{port}/admin/")
        sign_ins = settings.VAR_DIR / "demo-sign-ins.txt"
        if sign_ins.exists():
            self.stdout.write(f"\nDemo sign-ins:\n{sign_ins.read_text()}")
        self.stdout.flush()

    def _answer_on(self, port: int) -> None:
        """Set the port of a site on this machine, so that absolute URLs work."""
        for site in Site.objects.filter(hostname="localhost").exclude(port=port):
            site.port = port
            site.save()

    def _collect_static(self) -> None:
        """Collect static files, unless nothing has changed since the last time."""
        sources = [path / ".built" for path in settings.STATICFILES_DIRS]
        sources.append(settings.BASE_DIR / "requirements.lock")
        stamp = settings.STATIC_ROOT / ".collected"
        if stamp.exists() and all(stamp.stat().st_mtime > path.stat().st_mtime for path in sources if path.exists()):
            return
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        stamp.touch()
