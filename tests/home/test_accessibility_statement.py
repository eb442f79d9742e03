"""The accessibility statement: in the form of the law, filled from the settings, consistent with its own list."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from cms.core.dates.bank_holidays import Nation
from cms.core.models import SiteSettings
from home.accessibility_statement import (
    STANDARD,
    Compliance,
    Reason,
    format_compliance,
    format_enforcement,
    format_preparation,
    problems_of_statement,
)
from tests.factories import pages

DAY = datetime.date(2026, 3, 3)
NO_DATES = {"prepared": DAY, "reviewed": None, "tested": None}


@pytest.mark.parametrize(
    ("compliance", "reasons", "ends"),
    [
        (
            Compliance.FULL,
            set(),
            f"is fully compliant with the {STANDARD}.",
        ),
        (Compliance.PARTIAL, {Reason.NON_COMPLIANCE}, "due to the non-compliances listed below."),
        (Compliance.PARTIAL, {Reason.BURDEN}, "due to the exemptions listed below."),
        (Compliance.PARTIAL, {Reason.OUT_OF_SCOPE}, "due to the exemptions listed below."),
        (Compliance.PARTIAL, set(Reason), "due to the non-compliances and exemptions listed below."),
        (Compliance.NONE, {Reason.NON_COMPLIANCE}, "What is not accessible is listed below."),
    ],
)
def test_the_status_is_the_laws_own_sentence(compliance, reasons, ends):
    assert format_compliance(compliance, reasons).endswith(ends)


@pytest.mark.parametrize("nation", Nation)
@pytest.mark.parametrize("is_public_body", [True, False])
def test_who_enforces_it_depends_on_the_nation_and_on_what_the_landlord_is(nation, is_public_body):
    words = " ".join(format_enforcement(nation, is_public_body=is_public_body))
    in_northern_ireland = nation == Nation.NORTHERN_IRELAND
    assert ("ECNI" in words) == in_northern_ireland
    assert ("EASS" in words) == (not in_northern_ireland)
    # Nobody enforces the regulations against a landlord that keeps them by choice.
    assert ("enforcing" in words) == is_public_body
    assert ("EHRC" in words) == (is_public_body and not in_northern_ireland)


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({}, None),
        ({"compliance": Compliance.FULL}, "all of the standard is met, but"),
        ({"compliance": Compliance.FULL, "listed": 0}, None),
        ({"listed": 0}, "List what is not accessible"),
        ({"compliance": Compliance.NONE, "listed": 0}, "List what is not accessible"),
        ({"dates": NO_DATES | {"prepared": None}}, "when the statement was prepared"),
        ({"dates": NO_DATES | {"reviewed": DAY - datetime.timedelta(days=1)}}, "before it was prepared"),
        ({"dates": NO_DATES | {"reviewed": DAY, "tested": DAY}}, None),
        ({"dates": NO_DATES | {"tested": DAY + datetime.timedelta(days=1)}}, "in the future"),
    ],
)
def test_it_is_refused_when_it_contradicts_itself(changed, problem):
    given = {"compliance": Compliance.PARTIAL, "listed": 1, "dates": NO_DATES, "today": DAY} | changed
    found = problems_of_statement(**given)
    assert [problem in words for words in found] == ([True] if problem else [])


def test_it_says_when_it_is_looked_at_again_and_that_nobody_has_tested():
    words = format_preparation(prepared=DAY, reviewed=datetime.date(2028, 2, 29), tested=None, tested_by="")
    assert words[2] == "We will review it again by 28 February 2029."
    assert "Nobody has tested" in words[-1]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "nation", "said", "unsaid"),
    [
        (
            "registered_provider",
            "england-and-wales",
            "We have chosen to meet the same standard",
            "Enforcement procedure",
        ),
        ("council", "england-and-wales", "in accordance with the Public Sector Bodies", "We have chosen"),
        ("almo", "scotland", "Equality and Human Rights Commission (EHRC) is responsible", "We have chosen"),
        ("council", "northern-ireland", "Equality Commission for Northern Ireland (ECNI) is responsible", "EHRC"),
    ],
)
def test_the_page_is_filled_from_the_settings(home, client, kind, nation, said, unsaid):
    settings = SiteSettings.for_site(home.get_site())
    told = {
        "organisation": "Fernmoor Homes",
        "team_name": "Involvement team",
        "phone": "03069 990 142",
        "email": "team@fernmoor.example",
        "opening_hours": "Weekdays, 9am to 5pm.",
    }
    for name, value in (told | {"kind": kind, "nation": nation}).items():
        setattr(settings, name, value)
    settings.save()
    words = client.get(pages.AccessibilityStatementPageFactory().get_url()).content.decode()
    main = words.split("<main")[1].split("</main>")[0]
    assert all(value in main for value in told.values())
    assert said in main
    assert unsaid not in main
    assert "3 March 2026" in main
    assert "None" not in main
    headings = [
        "How accessible",
        "Feedback and contact",
        "Reporting problems",
        "Technical information",
        "Compliance status",
    ]
    headings += ["Non-accessible content", "Preparation of this"]
    places = [main.index(heading) for heading in headings]
    assert places == sorted(places)


@pytest.mark.django_db
def test_a_statement_that_contradicts_itself_stays_a_draft_through_both_doors(home, admin_in):
    page = pages.AccessibilityStatementPageFactory(live=False)
    page.compliance = Compliance.FULL
    revision = page.save_revision()
    with pytest.raises(ValidationError, match="but lists what is not accessible"):
        revision.publish()
    page.prepared_on = timezone.localdate() + datetime.timedelta(days=1)
    assert len(page.publishing_problems()) == 2
