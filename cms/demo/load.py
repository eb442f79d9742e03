"""Loader of the whole demo, all or nothing."""

import datetime

from django.db import transaction
from wagtail.models import Site

from cms.core.models import SiteSettings
from cms.core.models.settings import Organisation
from home.models import HomePage
from scrutiny_pages.starters.example import load_example
from scrutiny_pages.starters.loader import load_starter
from scrutiny_pages.starters.reader import read as read_starter

from .content import read
from .dates import Calendar
from .members import load_tasks
from .pages import create_page_tree, fill_pages
from .people import load_people
from .programmes import load_programmes
from .recommendations import load_recommendations
from .records import load_records
from .requests import load_requests
from .reviews import adapt_process, start_reviews
from .site import load_site
from .story import Story

STARTER = "scrutiny-panel"


class SiteIsInUse(Exception):
    """Raised when the site has a home page already."""


@transaction.atomic
def load_demo(*, today: datetime.date, password: str = "") -> list[tuple[str, str, str]]:
    """Load the demo relative to a day.

    :param password: for every sign-in; without one, each gets its own at random.
    :returns: the sign-ins that were made: user name, password, purpose of the account.
    :raises SiteIsInUse: if there is a home page.
    """
    _refuse_a_site_in_use()
    story = Story(dates=Calendar(read("dates"), today))
    load_arrangement(story)
    load_tasks(story)
    fill_pages(story)
    load_site(story)
    accounts = load_people(password)
    load_requests(story)
    return accounts


def load_arrangement(story: Story) -> None:
    """Load the scrutiny arrangement and its history: all that depends on the day except the text of the pages."""
    load_starter(read_starter(STARTER), on=story.dates["site_opened"], pages=False)
    load_records(story)
    create_page_tree(story)
    adapt_process(story)
    start_reviews(story)
    load_programmes(story)
    load_recommendations(story)


@transaction.atomic
def load_other_demo(name: str, *, today: datetime.date, password: str = "") -> list[tuple[str, str, str]]:
    """Load another starter for a first look: its own site, with its example and the demo's sign-ins.

    :raises SiteIsInUse: if there is a home page.
    :raises NoSuchStarter: for an unknown name.
    """
    _refuse_a_site_in_use()
    starter = read_starter(name)
    load_starter(starter, on=today, publish=True)
    _name_landlord()
    load_example(starter, today=today)
    return load_people(password)


def _name_landlord() -> None:
    """Set an invented landlord in the settings; the pages refer to them."""
    settings = SiteSettings.for_site(Site.objects.get(is_default_site=True))
    settings.organisation = "Harrowdale Council" if settings.kind == Organisation.COUNCIL else "Fernmoor Homes"
    settings.full_clean()
    settings.save()


def _refuse_a_site_in_use() -> None:
    if HomePage.objects.exists():
        raise SiteIsInUse("There is a home page already.")
