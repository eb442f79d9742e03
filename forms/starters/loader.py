"""Loader of a starter's forms, regimes and message wordings.

``data/README.md`` documents the files. What exists already, by slug or name, is left unchanged.
"""

from functools import cache
from pathlib import Path
from typing import Any, NoReturn

import yaml
from django.core.exceptions import ValidationError
from wagtail.models import Page
from wagtail.rich_text import RichText

from cms.core.streamfield_builder import Finder, made_id, stream
from cms.core.text.rich_text_markup import rich_text
from scrutiny_pages.models import Panel, PanelPage
from scrutiny_pages.starters.loader import BadStarter
from scrutiny_pages.starters.pages import add_page, change_page
from scrutiny_pages.starters.reader import Starter

from ..enums import Audience, FormKind
from ..models import FormPage, MessageWording, QuestionSet, RefusalReason, Regime

FOLDER = Path(__file__).parent / "data"
PARENT = "get-involved"
PRIVACY = "privacy"
# The forms that people are invited to start; the others are only listed.
MAIN = ("application", "topic")
PLAIN = ("kind", "audience", "keep_months")
WORDS = ("title", "slug", "summary", "time_needed")
RICH = ("start", "other_ways", "what_happens_next")
DAYS = ("acknowledge", "answer", "extension", "review")
# What a starter's row says besides the fields that it has in place of the file's.
ROW_ONLY = {"form", "panel", "panels", "regime", "add", "agreements", "published"}


@cache
def read(name: str) -> Any:
    """Return the content of a data file.

    :raises BadStarter: if there is no such file.
    """
    path = FOLDER / f"{name}.yaml"
    if not path.exists():
        raise BadStarter(f"forms: there is no form {name}")
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def question_key(form: str, key: str) -> str:
    """Return the key from which a question's id is made: the form's name and the question's own key."""
    return f"starter-form-{form}/{key}"


def load_rules(starter: Starter) -> None:
    """Load the regimes, the message wordings and the equality questions."""
    of_law = [slug for slug, data in read("regimes").items() if data.get("law")]
    for slug in dict.fromkeys([*starter.rows("regimes"), *of_law]):
        if not Regime.objects.filter(slug=slug).exists():
            _load_regime(slug)
    for row in read("messages"):
        wording = MessageWording(**row)
        if not MessageWording.objects.filter(name=wording.name).exists():
            wording.full_clean()
            wording.save()
    data = read("equality")
    if not QuestionSet.objects.filter(name=data["name"]).exists():
        questions = QuestionSet(name=data["name"])
        field = QuestionSet._meta.get_field("questions")
        questions.questions = stream(field, data["questions"], "starter-form-equality", _finder({}, {}))
        questions.full_clean()
        questions.save()


def _load_regime(slug: str) -> None:
    try:
        data = dict(read("regimes")[slug])
    except KeyError:
        raise BadStarter(f"regimes: there is no regime {slug}") from None
    data.pop("law", None)
    days = {name: data.pop(name) for name in DAYS if name in data}
    reasons = data.pop("refusal_reasons", [])
    regime = Regime(slug=slug, **data)
    for name, rule in days.items():
        setattr(regime, f"{name}_amount", rule["amount"])
        setattr(regime, f"{name}_unit", rule["unit"])
    regime.refusal_reasons = [RefusalReason(sort_order=order, words=words) for order, words in enumerate(reasons)]
    try:
        regime.full_clean()
    except ValidationError as error:
        raise BadStarter(f"regimes, {slug}: {error}") from error
    regime.save()


def create_forms(starter: Starter, pages: dict[str, int], *, publish: bool) -> None:
    """Create a starter's forms below the "Get involved" page, and link to them from other pages.

    :param pages: the ids of the site's new pages, by slug.
    :param publish: publish them at once, except those that the starter keeps as drafts.
    """
    public = []
    for row in starter.rows("forms"):
        maker = _Form(starter, row, pages)
        form = maker.create_page(publish=publish)
        if row.get("published", True) and form.audience == Audience.ANYONE:
            public.append((row["form"], form))
        if row["form"] == "data-complaint":
            _link_from(Page.objects.get(pk=pages[PRIVACY]), complaint_form=form)
        if form.kind == FormKind.APPLICATION:
            for page in PanelPage.objects.filter(panel__in=maker.panels):
                _link_from(page, apply_page=form)
    if public:
        _list_on(Page.objects.get(pk=pages[PARENT]).specific, public)


def _list_on(page: Page, public: list[tuple[str, FormPage]]) -> None:
    """Add links to the public forms to the "Get involved" page, the main ones as calls to action."""
    small = []
    for name, form in public:
        if name in MAIN:
            page.body.append(("start_form", {"page": form}, made_id(question_key(name, f"start-{form.slug}"))))
        else:
            small.append(f"- [{form.title}](page:{form.slug})")
    if small:
        ids = {form.slug: form.pk for _, form in public}
        text = RichText(rich_text("\n".join(small), ids.__getitem__))
        page.body.append(("heading", "Other forms", made_id(question_key("list", "heading"))))
        page.body.append(("text", text, made_id(question_key("list", "text"))))
    change_page(page)


def _link_from(page: Page, **links: Page) -> None:
    page = page.specific
    for name, form in links.items():
        setattr(page, name, form)
    change_page(page)


def _finder(words: dict[str, str], pages: dict[str, int]) -> Finder:
    """Return the resolver of references in a form's data. References to the landlord's settings stay as they are.

    :param words: the values of other placeholders in braces, by name.
    """

    def fill(text: str) -> str:
        for name, own in words.items():
            text = text.replace(f"{{{name}}}", own)
        return text

    def missing(key: str) -> NoReturn:
        raise LookupError(f"A starter's form cannot refer to {key}")

    return Finder(
        words=fill,
        rich=lambda text: rich_text(fill(text), pages.__getitem__),
        page_id=pages.__getitem__,
        meeting_id=missing,
        picture=missing,
        document_id=missing,
    )


class _Form:
    """Builder of the page of one form of a starter."""

    def __init__(self, starter: Starter, row: dict, pages: dict[str, int]):
        self.starter = starter
        self.row = row
        self.source = f"{starter.name}, forms, {row['form']}"
        own = {name: value for name, value in row.items() if name not in ROW_ONLY}
        self.data = read(row["form"]) | own
        wanted = row.get("panels") or [row.get("panel", _main_panel(starter))]
        self.panels = list(Panel.objects.filter(slug__in=wanted))
        if len(self.panels) < len(wanted):
            raise BadStarter(f"{self.source}: it needs a panel that there is")
        panel = self.panels[0].name if len(self.panels) == 1 else "one of our panels"
        self.pages = pages
        self.find = _finder({"panel": panel}, pages)

    def create_page(self, *, publish: bool) -> FormPage:
        """Create and return the page; one that the starter keeps as a draft is never published here."""
        page = FormPage(live=False)
        for names, convert in ((PLAIN, lambda value: value), (WORDS, self.find.words), (RICH, self.find.rich)):
            for name in names:
                if name in self.data:
                    setattr(page, name, convert(self.data[name]))
        if page.kind == FormKind.APPLICATION:
            page.panel = self.panels[0] if len(self.panels) == 1 else None
        if self.data.get("equality"):
            page.equality_questions = QuestionSet.objects.get(name=read("equality")["name"])
        if "regime" in self.row:
            page.regime = Regime.objects.get(slug=self.row["regime"])
        page.sections = stream(FormPage._meta.get_field("sections"), self.sections(), self.key(), self.find)
        wanted = self.row.get("published", True)
        add_page(self.pages[PARENT], page, publish=publish and wanted, offer=wanted)
        return FormPage.objects.get(pk=page.pk)

    def key(self) -> str:
        """Return the prefix of the ids of its questions."""
        return question_key(self.row["form"], "")[:-1]

    def sections(self) -> list[dict]:
        """Return the sections with the additions of this arrangement, without empty ones."""
        added = dict(self.row.get("add", {}))
        if "agreements" in self.row:
            added["agreements"] = [self.declaration(slug) for slug in self.row["agreements"]]
        if unknown := set(added) - {section["key"] for section in self.data.get("sections", [])}:
            raise BadStarter(f"{self.source}: it has no section {', '.join(sorted(unknown))}")
        sections = [
            section
            | {"type": "section", "key": f"section-{section['key']}"}
            | {"questions": [*section["questions"], *added.get(section["key"], [])]}
            for section in self.data.get("sections", [])
        ]
        return [section for section in sections if section["questions"]]

    def declaration(self, slug: str) -> dict:
        """Return the question that asks to accept one of the arrangement's agreements."""
        row = next((row for row in self.starter.rows("agreements") if row["slug"] == slug), None)
        if row is None:
            raise BadStarter(f"{self.source}: there is no agreement {slug}")
        return {"type": "declaration", "key": slug, "label": row["name"], "accepts": slug, "agreement": "I agree"}


def _main_panel(starter: Starter) -> str | None:
    """Return the slug of the panel of the starter's first application form."""
    applications = (row for row in starter.rows("forms") if row["form"] == "application")
    return next((row["panel"] for row in applications if "panel" in row), None)
