"""The activity report: a draft page of totals and charts, for an editor to finish (W52: twice a year)."""

import datetime
import uuid
from typing import cast

from django.contrib.auth.models import User
from django.utils.text import slugify
from wagtail.models import Page
from wagtail.rich_text import RichText

from cms.core.charts import format_number
from cms.core.dates.formatting import format_month
from scrutiny_pages.models import NewsletterIndexPage, NewsletterPage, Panel

from .impact import NO_PANEL, Activity, Period

MOST_BARS = 20
LEAST_POINTS = 2
TO_WRITE = "What is better now, and for whom? Write it in your own words, and name nobody."


def place() -> NewsletterIndexPage | None:
    """Return the page below which activity reports are created: the newsletter index; None if there is none."""
    return NewsletterIndexPage.objects.first()


def title_of(period: Period, panel: Panel | None = None) -> str:
    """Format the title of a report: What we did, January to June 2026."""
    first, last = period.starts[0], period.starts[-1]
    months = format_month(last)
    if first != last:
        begins = f"{first:%B}" if first.year == last.year else format_month(first)
        months = f"{begins} to {months}"
    return f"What the {panel} did, {months}" if panel else f"What we did, {months}"


def draft_report(
    *, period: Period, found: Activity, panel: Panel | None = None, owner: User, on: datetime.date
) -> NewsletterPage:
    """Create and return the draft page: only editors see it before one of them publishes it."""
    parent = Page.objects.get(pk=cast("NewsletterIndexPage", place()).pk)
    title = title_of(period, panel)
    page = NewsletterPage(
        title=title,
        slug=_free_slug(parent, title),
        summary="What our work took, and what came of it.",
        issued_on=on,
        live=False,
        owner=owner,
    )
    for kind, value in blocks_of(found):
        page.body.append((kind, value, str(uuid.uuid4())))
    parent.add_child(instance=page)
    page.save_revision(user=owner)
    return page


def blocks_of(found: Activity) -> list[tuple[str, object]]:
    """Return the blocks of the report's body: figures, charts, and headings for an editor's text."""
    total = found.total
    figures = [
        (str(total.activities), "activities"),
        (format_number(total.of("people")), "times that somebody took part"),
        (format_number(total.of("hours")), "hours, of everybody together"),
        (total.pounds_words, "spent"),
    ]
    parts: list[tuple[str, object]] = [("heading", "What it took")]
    parts += [("figure", {"number": number, "meaning": meaning}) for number, meaning in figures]
    rows = [
        {"label": (name or NO_PANEL)[:60], "value": one.activities, "weak": False}
        for name, one in found.by_panel.items()
    ][:MOST_BARS]
    if rows:
        chart = {"title": "How many activities each panel had", "unit": "activities", "pointed_out": "", "rows": rows}
        parts.append(("chart", chart))
    points = [{"label": format_month(month), "value": one.of("hours")} for month, one in found.by_month.items()]
    if len(points) >= LEAST_POINTS:
        parts.append(("time_chart", {"title": "Hours given in each month", "unit": "hours", "rows": points}))
    parts += [
        ("heading", "What changed"),
        ("text", RichText(f"<p>{TO_WRITE}</p>")),
        ("heading", "Was it worth it?"),
        ("text", RichText("<p>Say what the time and the money brought, and what you would do differently.</p>")),
    ]
    return parts


def _free_slug(parent: Page, title: str) -> str:
    """Return a slug that no sibling has."""
    base = slugify(title)[:80]
    taken = set(parent.get_children().values_list("slug", flat=True))
    return next(slug for slug in (base, *(f"{base}-{number}" for number in range(2, 1000))) if slug not in taken)
