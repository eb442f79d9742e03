"""A rule type is one class: an invented one is offered, saved, worded, published and enforced."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from wagtail.test.utils.form_data import nested_form_data, streamfield

from cms.core.dates.formatting import add_months, format_length
from scrutiny_pages.enums import Level, MemberStanding
from scrutiny_pages.models import Panel
from scrutiny_pages.models.panel import panel_choices
from scrutiny_pages.models.rule_blocks import RuleBlocks
from scrutiny_pages.rules.rule_types import RULES, Breach, Names, Rule, Rules, Seating
from scrutiny_pages.rules.rule_types.base import MEMBERS
from scrutiny_pages.rules.rule_types.parameters import firmness, whole_number
from tests.clock import TODAY
from tests.factories import pages, records
from tests.scrutiny_pages.models.test_panel import GIVEN

# All that somebody writes who adds a rule type; the second file is the list in ``rule_types/__init__.py``.


@dataclass(frozen=True, kw_only=True)
class Newcomers(Rule):
    """A limit on the number of members who join within twelve months."""

    kind = "newcomers"
    label = "New members in a year"
    description = "How many members may join within twelve months."
    group = MEMBERS
    icon = "user"
    summary = "At most {at_most}"
    example = {"at_most": 2, "level": Level.REFUSE}
    is_single = True

    at_most: int = whole_number("At most", "How many may join.", most=20)
    level: str = firmness()

    def words(self, names: Names) -> str:
        """Return the limit as text."""
        return f"No more than {format_length(self.at_most, 'new member')} may join in a year."

    @classmethod
    def check_seat(cls, seating: Seating, rules: Rules) -> Iterator[Breach]:
        """Yield a breach for each newcomer beyond the limit."""
        joined = [seat.joined_on for seat in seating.seated if seat.joined_on]
        newcomers = sum(day > add_months(seating.on, -12) for day in joined)
        for rule in rules.all(cls) if seating.candidate.holds_seat else []:
            if newcomers >= rule.at_most:
                yield Breach(rules.sentence(rule), Level(rule.level), f"{newcomers} have joined.", "joined_on")


SENTENCE = "No more than 1 new member may join in a year."


@pytest.fixture
def invented(monkeypatch):
    """List the type, and build the editor's blocks as a start of the site does.

    They go into the stream at hand: the admin's forms are made of it once.
    """
    monkeypatch.setitem(RULES, Newcomers.kind, Newcomers)
    built, at_hand = RuleBlocks(panel_choices), Panel._meta.get_field("rules").stream_block
    monkeypatch.setattr(at_hand, "child_blocks", built.child_blocks)
    monkeypatch.setattr(at_hand.meta, "block_counts", built.meta.block_counts)


@pytest.mark.django_db
@pytest.mark.usefixtures("invented")
def test_an_invented_rule_type_is_offered_saved_worded_published_and_enforced(home, client, admin_in):
    add = reverse("wagtailsnippets_scrutiny_pages_panel:add")
    chooser = admin_in.get(add).content.decode()
    assert all(words in chooser for words in ("New members in a year", "How many may join."))

    def post(at_most: str):
        rules = streamfield([("newcomers", {"at_most": at_most, "level": "refuse"})])
        return admin_in.post(add, nested_form_data(GIVEN | {"rules": rules}) | {"action-publish": "1"})

    assert "less than or equal to 20" in post("21").content.decode()
    answer = post("1")
    assert answer.status_code == 302, answer.context["form"].errors
    panel = Panel.objects.get()
    assert panel.rules.raw_data[0]["value"] == {"at_most": 1, "level": "refuse"}

    page = pages.PanelPageFactory(panel=panel)
    assert SENTENCE in client.get(page.get_url()).content.decode()
    told = client.get(f"/api/v2/panels/{panel.slug}/").json()
    assert told["rules"] == [SENTENCE]
    expected = {"kind": "newcomers", "words": SENTENCE, "taken_from": None, "at_most": 1, "level": "refuse"}
    assert told["rules_as_data"] == [expected]

    first = records.MembershipFactory(panel=panel, joined_on=TODAY - datetime.timedelta(days=30))
    second = records.MembershipFactory.build(
        panel=panel, person=records.PersonFactory(), standing=MemberStanding.JOINING, joined_on=TODAY
    )
    second.judged_on = TODAY
    with pytest.raises(ValidationError, match=SENTENCE):
        second.full_clean()
    first.joined_on = TODAY - datetime.timedelta(days=400)
    first.save()
    second.full_clean()
