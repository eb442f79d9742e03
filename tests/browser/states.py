"""States of the site that the demo does not show, added to a copy of it for the browser tests."""

import datetime
from typing import Any, cast

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from wagtail.blocks import Block, PageChooserBlock, StreamBlock, StructBlock
from wagtail.models import Page, PageViewRestriction
from wagtail.snippets.blocks import SnippetChooserBlock

from forms.builder.question_blocks import QuestionsBlock
from forms.models import FormPage, QuestionSet
from home.models import HomePage, StandardPage
from scrutiny_pages.models import Meeting, NewsletterIndexPage, NewsletterPage, Recommendation, ReportPage
from tests.browser.places import EQUALITY

SHELL = (HomePage, StandardPage, FormPage)  # what a new site has from the start


def add() -> None:
    """Add one page of each kind that the demo lacks, at the URLs that ``places.py`` visits."""
    home = HomePage.objects.get()
    every_block = _sample_story(cast("Any", StandardPage._meta.get_field("body")).stream_block)
    home.add_child(instance=StandardPage(title="Every block", slug="every-block", body=every_block))
    locked = home.add_child(instance=StandardPage(title="For the panel", slug="locked"))
    PageViewRestriction.objects.create(page=locked, restriction_type=PageViewRestriction.PASSWORD, password="open")

    newsletters = NewsletterIndexPage.objects.get()
    body = _sample_story(cast("Any", NewsletterPage._meta.get_field("body")).stream_block)
    issue = NewsletterPage(title="Every article", slug="every-article", issued_on=timezone.localdate(), body=body)
    newsletters.add_child(instance=issue)

    questions = [{"type": name, "id": name, "value": value} for name, value in _raw_questions()]
    section = {"type": "section", "id": "s1", "value": {"title": "Everything", "intro": "", "questions": questions}}
    home.add_child(instance=FormPage(title="Every question", slug="every-question", sections=[section]))
    home.add_child(instance=_form_with_equality_questions())
    ended = timezone.localdate() - datetime.timedelta(days=1)
    home.add_child(instance=FormPage(title="Closed", slug="closed", sections=[section], closes_on=ended))

    _lengthen(ReportPage.objects.get(slug="report", live=True, url_path__contains="/damp-and-mould/"))
    (settings.VAR_DIR / "500.html").write_text(render_to_string("500.html"))


def _form_with_equality_questions() -> FormPage:
    """Return a form of two sections, one of them conditional, with equality questions."""
    ages = {"label": "How old are you?", "options": ["16 to 34", "35 or over", "I would rather not say"]}
    asked = QuestionSet.objects.create(name="About you", questions=[{"type": "radios", "id": "age", "value": ages}])
    return FormPage(
        title="Ask us",
        slug="ask-us",
        form_key=EQUALITY,
        equality_questions=asked,
        sections=[
            raw_section("s1", "Your question", ("ask", "yes_no", {"label": "Is it about a repair?", "required": True})),
            raw_section(
                "s2",
                "The repair",
                ("what", "short_text", {"label": "What needs a repair?", "required": True}),
                when={"question": "ask", "answers": "Yes"},
            ),
            raw_section("s3", "You", ("mail", "email", {"label": "What is your email address?", "required": True})),
        ],
    )


def raw_section(section_id: str, title: str, *questions: tuple[str, str, dict], **more) -> dict:
    """Return a section as it is stored, of questions by id, type and settings."""
    blocks = [{"type": kind, "id": name, "value": value} for name, kind, value in questions]
    return {"type": "section", "id": section_id, "value": {"title": title, "intro": "", "questions": blocks} | more}


def unpublish() -> None:
    """Unpublish everything that a new site lacks, which leaves empty listings."""
    listings = Page.objects.filter(pk__in=[page.pk for page in HomePage.objects.get().get_children()])
    kept = Page.objects.type(*SHELL) | listings
    Page.objects.exclude(pk__in=kept.values("pk")).filter(depth__gt=1).update(live=False)
    Recommendation.objects.update(live=False)
    Meeting.objects.update(is_public=False)


def _lengthen(report: ReportPage) -> None:
    """Add the charts of a long report, three, and its photo."""
    charts = [block for block in report.body if block.block_type == "chart"]
    assert charts, "the demo's report has a chart"
    report.body.extend([("chart", charts[0].value)] * (3 - len(charts)))
    report.save()


def _sample_story(stream: StreamBlock) -> list[tuple]:
    """Return one block of every type, with the values of the editor's preview."""
    return [(name, _sample(block)) for name, block in stream.child_blocks.items()]


def _sample(block: Block):
    value = block.get_preview_value()
    if not isinstance(block, StructBlock):
        return value
    for name, child in block.child_blocks.items():
        if isinstance(child, PageChooserBlock) and block.name != "call":
            value[name] = child.target_model.objects.live().first()
        if isinstance(child, SnippetChooserBlock):
            value[name] = child.target_model.objects.filter(is_public=True).first()
    return value


def _raw_questions() -> list[tuple[str, dict]]:
    """Return one question of every type, ready to be stored."""
    questions = QuestionsBlock().child_blocks
    return [(name, dict(block.get_prep_value(block.get_preview_value()))) for name, block in questions.items()]
