"""Loads a starter: panels, rules, processes and first pages."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from cms.core.commands import SiteCommand
from scrutiny_pages.starters.example import load_example
from scrutiny_pages.starters.loader import BadStarter, OtherArrangement, load_starter
from scrutiny_pages.starters.reader import NoSuchStarter, read, read_all


class Command(SiteCommand):
    """Load a starter by its name; without a name, list the starters."""

    help = "Loads a ready-made arrangement. Without a name, lists them."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the options."""
        parser.add_argument("name", nargs="?", help="Such as council-forum.")
        parser.add_argument("--add", action="store_true", help="Load it although the site has another arrangement.")
        parser.add_argument("--publish", action="store_true", help="Publish its pages at once, as for a demonstration.")
        parser.add_argument("--example", action="store_true", help="Add a review and meetings, for a first look.")

    def handle(self, *args: Any, name: str | None, add: bool, publish: bool, example: bool, **options: Any) -> None:
        """Load the starter; raise `CommandError` if it cannot be loaded."""
        if name is None:
            for starter in read_all():
                self.stdout.write(f"{starter.name:<16} {starter.title}")
            return
        try:
            with transaction.atomic():
                loaded = load_starter(read(name), on=timezone.localdate(), add=add, publish=publish)
                if loaded and example:
                    load_example(read(name), today=timezone.localdate())
        except OtherArrangement as error:
            raise CommandError(f"{error} Use --add to load it besides.") from error
        except (NoSuchStarter, BadStarter) as error:
            raise CommandError(str(error)) from error
        drafts = "" if publish else " Its pages are drafts: look at each in the admin, and publish it."
        self.stdout.write(f"{name} is loaded.{drafts}" if loaded else f"{name} was loaded before. Nothing has changed.")
