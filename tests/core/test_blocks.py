"""Every block explains itself to the editor who is choosing one, and looks right before it is filled in."""

import pytest
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from wagtail import hooks

from cms.core.blocks import LinkBlock, StoryBlocks
from forms.builder.blocks import SectionsBlock
from home.blocks import LandingBlocks
from scrutiny_pages.models import Panel
from scrutiny_pages.models.editing.blocks import NewsletterBlocks
from scrutiny_pages.models.pages.easy_read import EasyReadBlocks
from tests.factories import pages, records

STREAMS = [StoryBlocks, LandingBlocks, NewsletterBlocks, EasyReadBlocks, SectionsBlock]
# These point at something chosen by the editor, so there is nothing to show beforehand.
POINTERS = {"photo", "pair", "start_form", "report", "outcome", "meeting", "section", "question_set"}
ICONS = {
    path.rsplit("/", 1)[-1].removesuffix(".svg") for hook in hooks.get_hooks("register_icons") for path in hook([])
}


def every_block():
    for stream in STREAMS:
        for name, block in stream().child_blocks.items():
            yield pytest.param(block, id=f"{stream.__name__}.{name}")
    for name, block in Panel._meta.get_field("rules").stream_block.child_blocks.items():
        yield pytest.param(block, id=f"RuleBlocks.{name}")
    section = SectionsBlock().child_blocks["section"]
    questions = section.child_blocks["questions"]
    for name, block in questions.child_blocks.items():
        yield pytest.param(block, id=f"question.{name}")


@pytest.mark.parametrize("block", list(every_block()))
def test_a_block_says_what_it_is(block):
    assert block.meta.icon in ICONS
    assert block.label
    assert block.get_description()


@pytest.mark.parametrize("block", list(every_block()))
def test_a_block_can_be_seen_before_it_is_chosen(home, rf, block):
    if block.name in POINTERS:
        return
    assert block.is_previewable
    value = block.get_preview_value()
    context = {"request": rf.get("/")}
    assert block.render(value, context).strip() or block.name == "vacancies"


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ({"page": None, "url": "", "label": ""}, "one of the two"),
        ({"page": None, "url": "javascript:alert(1)", "label": "Click"}, "Start the address"),
        ({"page": None, "url": "/meetings/", "label": ""}, "Say what the link is called"),
    ],
)
def test_a_link_needs_one_target_and_a_name(link, words):
    block = LinkBlock()
    with pytest.raises(ValidationError) as refused:
        block.clean(block.to_python(link))
    said = [*refused.value.messages, *(str(error) for error in getattr(refused.value, "block_errors", {}).values())]
    assert words in " ".join(said)


def test_blocks_leave_out_what_is_not_public(home, client):
    report = pages.ReportPageFactory(title="Hidden report", live=False)
    outcome = pages.OutcomePageFactory(title="Hidden outcome", live=False)
    meeting = records.MeetingFactory(theme="Hidden meeting", is_public=False)
    letter = pages.NewsletterPageFactory(
        body=[
            ("report", {"page": report}),
            ("outcome", {"page": outcome}),
            ("meeting", {"meeting": meeting}),
            ("call", {"heading": "Read it", "text": "", "link": {"page": report, "url": "", "label": ""}}),
        ]
    )
    words = client.get(letter.get_url()).content.decode()
    assert "Hidden" not in words
    assert "Read it" in words


def test_the_error_page_needs_nothing():
    assert "<h1" in render_to_string("500.html")
