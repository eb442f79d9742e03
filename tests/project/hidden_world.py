"""A site with an object of every kind in every hidden state, and a public twin of each: for ``test_visibility``.

Each has a unique made-up word, which is in its title, its slug and its texts, and in nothing else. A hidden object
belongs to a public twin wherever possible: it is below it, made by it, part of it or about it.
"""

import dataclasses
import datetime
import uuid
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

from django.contrib.auth.models import Group
from django.db.models import Model
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from cms.core.pdf.pages import LARGE_PRINT, PDF, PdfMixin
from forms.enums import Audience
from forms.models import FormPage, PublicEntry
from home.models import AccessibilityStatementPage, ContactPage, PrivacyPage, StandardPage
from scrutiny_pages import models
from tests.factories import pages, records
from tests.factories.forms import FormPageFactory, RegimeFactory
from tests.factories.state import arrange

NOW = timezone.now()
AGO, LATER = NOW - datetime.timedelta(hours=1), NOW + datetime.timedelta(days=2)
# Where only the latest, or the next, are shown, the hidden ones come before all others.
SOON = NOW + datetime.timedelta(hours=1)
TODAY, TOMORROW = timezone.localdate(NOW), timezone.localdate(NOW) + datetime.timedelta(days=1)
GROUP = "Those who may"

# Each kind of page, and what makes the page above it.
BELOW_ANOTHER: dict[type[Model], tuple[Any, Any]] = {
    StandardPage: (pages.StandardPageFactory, pages.StandardPageFactory),
    FormPage: (FormPageFactory, pages.StandardPageFactory),
    models.PanelPage: (pages.PanelPageFactory, pages.PanelIndexPageFactory),
    models.ReviewPage: (pages.ReviewPageFactory, pages.ReviewIndexPageFactory),
    models.ReportPage: (pages.ReportPageFactory, pages.ReviewPageFactory),
    models.EasyReadPage: (pages.EasyReadPageFactory, pages.ReportPageFactory),
    models.OutcomePage: (pages.OutcomePageFactory, pages.OutcomeIndexPageFactory),
    models.NewsletterPage: (pages.NewsletterPageFactory, pages.NewsletterIndexPageFactory),
}
# Those that are right below the home page, and are looked up by their type: the hidden one is there first.
BELOW_HOME: dict[type[Model], Any] = {
    ContactPage: pages.ContactPageFactory,
    PrivacyPage: pages.PrivacyPageFactory,
    AccessibilityStatementPage: pages.AccessibilityStatementPageFactory,
    models.TrackerPage: pages.TrackerPageFactory,
    models.PanelIndexPage: pages.PanelIndexPageFactory,
    models.ReviewIndexPage: pages.ReviewIndexPageFactory,
    models.ReportIndexPage: pages.ReportIndexPageFactory,
    models.OutcomeIndexPage: pages.OutcomeIndexPageFactory,
    models.NewsletterIndexPage: pages.NewsletterIndexPageFactory,
    models.MeetingIndexPage: pages.MeetingIndexPageFactory,
}
_numbers = count(1)


@dataclasses.dataclass(frozen=True)
class Thing:
    """One object: its kind, its hidden state (none for a public twin), its unique word, and the instance."""

    kind: type[Model]
    state: str
    word: str
    item: Any

    def __str__(self) -> str:
        return f"{self.kind.__name__}, {self.state or 'public'}"

    @property
    def address(self) -> str:
        """Return its public URL."""
        if isinstance(self.item, models.Panel):
            return f"/panels/{self.word}/could-i-join/"
        return self.item.get_url() if isinstance(self.item, Page) else self.item.get_absolute_url()

    @property
    def addresses(self) -> list[str]:
        """Return all of its URLs.

        Its page, the same in large print and as a PDF, a meeting for a calendar.
        """
        forms = (LARGE_PRINT, PDF) if isinstance(self.item, PdfMixin) else ()
        calendar = [f"/meetings/{self.item.pk}.ics"] if isinstance(self.item, models.Meeting) else []
        return [self.address, *(self.address + form for form in forms), *calendar]

    @property
    def texts(self) -> tuple[str, str]:
        """Return the texts that only its readers see; its slug, which people typed, is not among them."""
        return title_of(self.word), f"Inside {self.word}"


def new_word() -> str:
    """Return a word that is not used yet."""
    return f"quokka{next(_numbers):04}"


def title_of(word: str) -> str:
    """Return the title for a unique word; all titles have one word in common."""
    return f"Quokka {word}"


class PageMaker:
    """Creates pages of one kind, and their ancestors, all with one unique word."""

    def __init__(self, factory, above, word: str, **fields):
        self.factory, self.over, self.word, self.fields = factory, above, word, fields

    def page(self, **fields) -> Page:
        """Create the page, below a public one by default."""
        return make_page(self.factory, self.word, **{"first_published_at": SOON} | self.fields | fields)

    def above(self, **fields) -> Page:
        """Create a parent for it."""
        parent = self.fields["parent"].get_parent().specific
        return make_page(self.over, self.word, slug=f"above-{self.word}", parent=parent, **fields)


def make_page(factory, word: str, **fields) -> Page:
    """Create a page with the unique word in all its texts."""
    inside = f"Inside {word}."
    said: dict[str, Any] = {"title": title_of(word), "slug": word, "summary": inside}
    if factory is pages.OutcomePageFactory:
        said |= {"you_said": inside, "we_did": inside, "difference": inside}
    body = factory._meta.model._meta.fields_map.get("body") or getattr(factory._meta.model, "body", None)
    if body and "text" in body.field.stream_block.child_blocks:
        said["body"] = [("text", f"<p>{inside}</p>")]
    page = factory(**said | fields)
    return Page.objects.get(pk=page.pk).specific


def unpublished(page: Any) -> Any:
    """Unpublish an object."""
    page.unpublish()
    return page


def kept_to(how: str, page: Page) -> Page:
    """Add a view restriction to a page."""
    restriction = PageViewRestriction.objects.create(page=page, restriction_type=how, password="not-a-secret")
    restriction.groups.add(Group.objects.get_or_create(name=GROUP)[0])
    return page


def alias_of(page: Page) -> Page:
    """Create a public alias of a page that is then restricted."""
    parent = Page.objects.get(depth=2)
    return page.create_alias(parent=parent, update_slug=f"alias-{page.slug}")


def _alias(maker: PageMaker, how: str) -> Page:
    page = maker.page()
    alias = alias_of(page)
    kept_to(how, page)
    return alias


LOGIN, PASSWORD, GROUPS = "login", "password", "groups"


def part_of(panel: models.Panel, **fields) -> models.Panel:
    """Create a panel below another."""
    return records.PanelFactory(parent=panel, **fields)


# Each state that hides any page, and how one comes into it.
STATES: dict[str, Callable[[PageMaker], Page]] = {
    "draft": lambda maker: maker.page(live=False, first_published_at=None),
    "unpublished": lambda maker: unpublished(maker.page()),
    "scheduled": lambda maker: maker.page(live=False, go_live_at=LATER),
    "expired": lambda maker: maker.page(expire_at=AGO),
    "by login": lambda maker: kept_to(LOGIN, maker.page()),
    "by password": lambda maker: kept_to(PASSWORD, maker.page()),
    "by group": lambda maker: kept_to(GROUPS, maker.page()),
    "alias of one by login": lambda maker: _alias(maker, LOGIN),
    "alias of one by group": lambda maker: _alias(maker, GROUPS),
}
# The states that hide what is below another page besides.
STATES_BELOW: dict[str, Callable[[PageMaker], Page]] = {
    "below a draft": lambda maker: maker.page(parent=maker.above(live=False)),
    "below one unpublished": lambda maker: maker.page(parent=unpublished(maker.above())),
    "below one expired": lambda maker: maker.page(parent=maker.above(expire_at=AGO)),
    "below one by login": lambda maker: maker.page(parent=kept_to(LOGIN, maker.above())),
    "below one by password": lambda maker: maker.page(parent=kept_to(PASSWORD, maker.above())),
    "below one by group": lambda maker: maker.page(parent=kept_to(GROUPS, maker.above())),
}
# Pages right below the home page go by the same rules: they are here because they are looked up by their type.
# Some come before the public one and some after it: who takes the first, or the last, takes a hidden one.
STATES_BELOW_HOME = (("draft", "by login"), ("expired", "by group"))
# The states that only some kinds have.
STATES_OF_KIND: dict[type[Page], dict[str, Callable[[PageMaker], Page]]] = {
    FormPage: {
        "for who has its address": lambda maker: maker.page(audience=Audience.LINK),
        "for members": lambda maker: maker.page(audience=Audience.MEMBERS),
        "for staff": lambda maker: maker.page(audience=Audience.STAFF),
    },
    models.PanelPage: {
        "of a draft panel": lambda maker: maker.page(panel=part_of(maker.fields["panel"], live=False)),
        "of an expired panel": lambda maker: maker.page(panel=part_of(maker.fields["panel"], expire_at=AGO)),
        "of a public part": lambda maker: maker.page(panel=part_of(maker.fields["panel"]), expire_at=AGO),
    },
}


def make_panel(word: str, **fields) -> models.Panel:
    """Create a panel that is recruiting, with a statement of the eligibility checker."""
    panel = records.PanelFactory(name=title_of(word), slug=word, purpose=f"Inside {word}.", recruiting=True, **fields)
    models.EligibilityStatement.objects.create(panel=panel, statement=f"Inside {word}.")
    return panel


def make_recommendation(word: str, *, at_meeting: bool = False, **fields) -> models.Recommendation:
    """Create a recommendation, made in a report or at a meeting."""
    fields.pop("report" if at_meeting else "made_at", None)
    said = {"title": title_of(word), "text": f"Inside {word}.", "series": word, "number": 1}
    return records.RecommendationFactory(**said | fields)


def make_meeting(word: str, **fields) -> models.Meeting:
    """Create a future meeting."""
    inside = f"Inside {word}."
    return records.MeetingFactory(theme=title_of(word), agenda=f"<p>{inside}</p>", place=inside, **fields)


def make_programme(word: str, **fields) -> models.WorkProgramme:
    """Create a work programme with a topic."""
    panel = fields.pop("panel", None) or records.PanelFactory()
    days = {"starts_on": TODAY, "ends_on": TODAY + datetime.timedelta(days=300), "agreed_on": TODAY}
    year = models.WorkProgramme(panel=panel, title=title_of(word), **days | fields)
    year.topics = [models.Topic(title=f"Inside {word}")]
    year.save()
    return year


def make_agreement(word: str, **fields) -> models.Agreement:
    """Create an agreement."""
    agreement = records.AgreementFactory(name=title_of(word), slug=word, **fields)
    agreement.versions.update(text=f"<p>Inside {word}.</p>")
    return agreement


def make_entry(word: str, **fields) -> PublicEntry:
    """Create an entry of the disclosure log."""
    facts = {"regime": RegimeFactory(), "form_key": uuid.uuid4(), "received_on": TODAY, "published_at": AGO}
    return arrange(
        PublicEntry.objects.create, subject=title_of(word), answer=f"<p>Inside {word}.</p>", **facts | fields
    )


def _in_report(state: str) -> Callable[..., Model]:
    def make(word: str, report: Page, **fields) -> Model:
        maker = PageMaker(*BELOW_ANOTHER[models.ReportPage], word, parent=report.get_parent().specific)
        return make_recommendation(word, report=(STATES | STATES_BELOW)[state](maker), **fields)

    return make


# Each kind of record: how to make one, and how one comes into each state that hides it.
RECORDS: dict[type[Model], tuple[Callable, dict[str, Callable[..., Model]]]] = {
    models.Panel: (
        make_panel,
        {
            "draft": lambda word, **owners: make_panel(word, live=False, **owners),
            "unpublished": lambda word, **owners: unpublished(make_panel(word, **owners)),
            "scheduled": lambda word, **owners: make_panel(word, live=False, go_live_at=LATER, **owners),
            "expired": lambda word, **owners: make_panel(word, expire_at=AGO, **owners),
        },
    ),
    models.Recommendation: (
        make_recommendation,
        {
            "draft": lambda word, **owners: make_recommendation(word, live=False, **owners),
            "unpublished": lambda word, **owners: unpublished(make_recommendation(word, at_meeting=True, **owners)),
            "scheduled": lambda word, **owners: make_recommendation(word, live=False, go_live_at=LATER, **owners),
            "expired": lambda word, **owners: make_recommendation(word, expire_at=AGO, **owners),
            **{f"in a report: {state}": _in_report(state) for state in STATES | STATES_BELOW if "alias" not in state},
        },
    ),
    models.Meeting: (
        make_meeting,
        {
            "not public": lambda word, **owners: make_meeting(word, is_public=False, starts_at=SOON, **owners),
            "not public, held": lambda word, **owners: make_meeting(word, is_public=False, starts_at=AGO, **owners),
        },
    ),
    models.WorkProgramme: (
        make_programme,
        {
            "not agreed": lambda word, **owners: make_programme(word, agreed_on=None, starts_on=TOMORROW, **owners),
            "agreed later": lambda word, **owners: make_programme(
                word, agreed_on=TOMORROW, starts_on=TOMORROW, **owners
            ),
            "of a draft panel": lambda word, panel: make_programme(word, panel=records.PanelFactory(live=False)),
            "of an expired panel": lambda word, panel: make_programme(word, panel=records.PanelFactory(expire_at=AGO)),
        },
    ),
    models.Agreement: (
        make_agreement,
        {
            "not public": lambda word: make_agreement(word, is_public=False),
            "in force later": lambda word: make_agreement(word, versions=[(TOMORROW, True)]),
        },
    ),
    PublicEntry: (
        make_entry,
        {
            "not published": lambda word, **owners: make_entry(word, published_at=None, **owners),
            "published later": lambda word, **owners: make_entry(word, published_at=LATER, **owners),
        },
    ),
}
# What public twin a thing belongs to, and in which of its fields that is said.
BELONGS: dict[type[Model], dict[str, type[Model]]] = {
    models.Panel: {"parent": models.Panel},
    models.PanelPage: {"panel": models.Panel},
    models.WorkProgramme: {"panel": models.Panel},
    models.ReviewPage: {"panel": models.Panel, "part_of": models.ReviewPage, "programme": models.WorkProgramme},
    models.Meeting: {"panel": models.Panel, "review": models.ReviewPage},
    models.Recommendation: {"panel": models.Panel, "report": models.ReportPage, "made_at": models.Meeting},
    models.OutcomePage: {"recommendations": models.Recommendation},
}
# In this order they can be made: each after those that it belongs to.
IN_ORDER: list[type[Model]] = [
    models.Panel,
    StandardPage,
    FormPage,
    models.PanelPage,
    models.WorkProgramme,
    models.ReviewPage,
    models.ReportPage,
    models.EasyReadPage,
    models.Meeting,
    models.Recommendation,
    models.OutcomePage,
    models.NewsletterPage,
    models.Agreement,
    PublicEntry,
]


def owners_of(kind: type[Model], twins: dict[type[Model], Any]) -> dict[str, Any]:
    """Return the fields of an object that refer to its public owners, including the parent page."""
    owners = {field: twins[owner] for field, owner in BELONGS.get(kind, {}).items() if owner in twins}
    if "recommendations" in owners:
        owners["recommendations"] = [owners["recommendations"]]
    if kind in BELOW_ANOTHER and (above := BELOW_ANOTHER[kind][1]._meta.model) in twins:
        owners["parent"] = twins[above]
    return owners


def make_world() -> tuple[list[Thing], list[Thing]]:
    """Create one object of each kind in each hidden state, and a public twin of each kind."""
    hidden, public = [], []
    before, after = STATES_BELOW_HOME
    for kind in BELOW_HOME:
        hidden += [hidden_page(kind, state) for state in before]
        public.append(public_one(kind))
        hidden += [hidden_page(kind, state) for state in after]
    twins = {thing.kind: thing.item for thing in public}
    for kind in IN_ORDER:
        owners = owners_of(kind, twins)
        # One comes before the public one here too; the others, after it, may belong to it.
        hidden += [hidden_page(kind, "draft", **owners)] if kind in BELOW_ANOTHER else []
        public.append(public_one(kind, **owners))
        twins[kind] = public[-1].item
    for kind in IN_ORDER:
        hidden += hidden_ones(kind, owners_of(kind, twins))
    return hidden, public


def public_one(kind: type[Model], **owners) -> Thing:
    """Create a public twin."""
    word = new_word()
    factory = BELOW_HOME.get(kind) or BELOW_ANOTHER.get(kind, (None, None))[0]
    return Thing(kind, "", word, make_page(factory, word, **owners) if factory else RECORDS[kind][0](word, **owners))


def hidden_page(kind: type[Page], state: str, **owners) -> Thing:
    """Create a page in a hidden state."""
    word, (factory, above) = new_word(), BELOW_ANOTHER.get(kind) or (BELOW_HOME[kind], None)
    bring = (STATES | STATES_BELOW | STATES_OF_KIND.get(kind, {}))[state]
    return Thing(kind, state, word, bring(PageMaker(factory, above, word, **owners)))


def hidden_ones(kind: type[Model], owners: dict) -> Iterator[Thing]:
    """Create one object of a kind in each hidden state, which belongs to public objects."""
    if kind in BELOW_ANOTHER:
        for state in STATES | STATES_BELOW | STATES_OF_KIND.get(kind, {}):
            yield hidden_page(kind, state, **owners)
        return
    for state, bring in RECORDS[kind][1].items():
        word = new_word()
        yield Thing(kind, state, word, bring(word, **owners))
