"""``manage.py load_demo``: loads an invented landlord with its panel, reviews, reports and forms."""

import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from cms.core.commands import SiteCommand
from cms.demo.load import SiteIsInUse, load_demo, load_other_demo
from cms.demo.people import keep_sign_ins
from scrutiny_pages.starters.loader import OtherArrangement
from scrutiny_pages.starters.reader import NoSuchStarter

SIGN_INS = "demo-sign-ins.txt"


class Command(SiteCommand):
    """Load the demo into an empty site."""

    help = "Loads an invented landlord's site, with dates counted from today, and prints who can sign in."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the options."""
        parser.add_argument("--today", type=datetime.date.fromisoformat, help="Count dates from this day (YYYY-MM-DD).")
        parser.add_argument("--password", default="", help="For every sign-in. Without it each gets its own at random.")
        parser.add_argument("--if-empty", action="store_true", help="Do nothing if the site has a home page.")
        parser.add_argument(
            "--starter", default="", help="Instead of the demo's story, show this starter's arrangement."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load the demo, and write the sign-ins to a file that only its owner may read."""
        today = options["today"] or timezone.localdate()
        if today > timezone.localdate():
            raise CommandError("That day has not come yet: nothing in the demo can have happened on it.")
        try:
            load = partial(load_other_demo, options["starter"]) if options["starter"] else load_demo
            sign_ins = load(today=today, password=options["password"])
        except (NoSuchStarter, OtherArrangement) as error:
            raise CommandError(str(error)) from error
        except SiteIsInUse as error:
            if options["if_empty"]:
                self.stdout.write("The site has a home page, so the demo was not loaded.")
                return
            raise CommandError(f"{error} The demo only loads into an empty site; --if-empty skips it.") from error
        self.stdout.write(f"The demo is loaded, as it stands on {today}.")
        if sign_ins:
            path = settings.VAR_DIR / SIGN_INS
            self.stdout.write(f"Sign in at /admin/ with one of these (kept in {path}):")
            self.stdout.write(keep_sign_ins(path, sign_ins))
