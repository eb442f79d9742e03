"""Tests of the conversion of cell text: markup, line breaks, and titles from text that is too long."""

import pytest
from django.forms.models import model_to_dict

from scrutiny_pages.importer.columns import guess
from scrutiny_pages.importer.diff import make_plan
from scrutiny_pages.importer.loader import run_import
from scrutiny_pages.importer.readers import read
from scrutiny_pages.importer.rows import Options
from scrutiny_pages.importer.texts import first_sentence, plain_text
from scrutiny_pages.models import Recommendation
from tests.clock import TODAY
from tests.factories.records import PanelFactory, RecommendationFactory

LONG = (
    "The landlord should tell people by text message, by email and by letter when a repair is late. It should say why, "
    "e.g. because a part is missing, and by when the repair will be done, and who to call if it is urgent."
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<p>Mend &amp; paint</p>", "Mend & paint"),
        ("Mend &amp; paint", "Mend & paint"),
        ("<div>One</div><div>Two<br/>Three</div>", "One\nTwo\nThree"),
        ("<ul><li>One</li><li>Two &pound;5</li></ul>", "One\nTwo £5"),
        ('<P class="x">Mend it</P>&nbsp;', "Mend it"),
        ("<table><tr><td>A</td><td>B</td></tr></table>", "A\nB"),
        ("<script>alert(1)</script><p>Mend it</p>", "Mend it"),
        ("Write &lt;b&gt; as it is", "Write <b> as it is"),
        # No markup.
        ("Flats <5 years old and >3 rooms", "Flats <5 years old and >3 rooms"),
        ("R&D; a < b > c", "R&D; a < b > c"),
        ("See <https://example.org>", "See <https://example.org>"),
        ("AT&T and &copy", "AT&T and &copy"),
    ],
)
def test_markup_becomes_text(text, words):
    """Case I11."""
    assert plain_text(text) == words


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (LONG, "The landlord should tell people by text message, by email and by letter when a repair is late"),
        ("Mend No. 5 St. Mary’s Road, e.g. Today. Then paint it.", "Mend No. 5 St. Mary’s Road, e.g. Today"),
        ("Why so late? Say it.", "Why so late?"),
        ("Mend the\nlift. Now", "Mend the lift"),
        ("word " * 40, "word " * 31 + "word…"),
        ("Mend it, " + "and " * 40, "Mend it, " + "and " * 36 + "and…"),
        ("a" * 200, "a" * 159 + "…"),
    ],
)
def test_the_title_of_long_wording_is_its_first_sentence_or_ends_with_a_word(text, title):
    """Case I9."""
    assert first_sentence(text, 160) == title
    assert len(title) <= 160


def plan_of(content: str, panel):
    sheet = read(content.encode())
    return make_plan(sheet, guess(sheet.headings), Options(TODAY, panel, file_name="tracker.csv"))


def load(content: str, panel) -> Recommendation:
    sheet = read(content.encode())
    list(run_import(sheet, guess(sheet.headings), Options(TODAY, panel, file_name="tracker.csv")))
    return Recommendation.objects.get()


@pytest.mark.django_db
def test_long_wording_is_kept_in_full_and_shown_to_staff():
    """Case I9: 215 letters in the only column of text."""
    assert len(LONG) == 215
    panel, content = PanelFactory(), f'Recommendation,Date\n"{LONG}",10/03/2026\n'
    plan = plan_of(content, panel)
    assert plan.problems == []
    [doubt] = plan.new[0].draft.doubts
    assert doubt.startswith("Its wording has 215 letters, and a title 160 at most. All of it is kept under “In full”")
    item = load(content, panel)
    assert item.title == "The landlord should tell people by text message, by email and by letter when a repair is late"
    assert item.text == LONG
    assert (plan_of(content, panel).same, plan_of(content, panel).changed) == (1, [])


@pytest.mark.django_db
def test_long_wording_beside_a_text_of_its_own_loses_neither():
    """Case I9."""
    item = load(f'Recommendation,Description,Date\n"{LONG}",More of it.,10/03/2026\n', PanelFactory())
    assert item.text == f"{LONG}\n\nMore of it."


@pytest.mark.django_db
@pytest.mark.parametrize(
    "title", ["Mend the\nlift", "Mend  the\r\n lift ", "Mend the\u00a0lift", "<p>Mend the<br>lift</p>"]
)
def test_a_field_of_one_line_gets_one_line_and_the_file_is_the_same_again(title):
    """Case I12 (and case I11)."""
    panel = PanelFactory()
    content = f'Title,Date,Owner,Who it helps\n"{title}",10/03/2026,"Head of\nRepairs","People\nin flats"\n'
    item = load(content, panel)
    assert (item.title, item.owner.title, item.who_benefits) == ("Mend the lift", "Head of Repairs", "People in flats")
    plan = plan_of(content, panel)
    assert (plan.same, plan.changed, plan.new, plan.problems) == (1, [], [], [])


@pytest.mark.django_db
def test_a_title_that_an_older_import_left_in_two_lines_changes_once():
    """Case I12."""
    item = RecommendationFactory(title="Mend the\nlift")
    item.save_revision().publish()
    content = 'Title,Date\n"Mend the\nlift",10/03/2026\n'
    plan = plan_of(content, item.panel)
    assert [planned.changes for planned in plan.changed] == [["title"]]
    assert load(content, item.panel).title == "Mend the lift"
    assert plan_of(content, item.panel).same == 1


@pytest.mark.django_db
def test_nothing_is_said_of_where_an_imported_item_was_asked_for(client):
    """Case I19."""
    item = load("Title,Date\nMend the lift,10/03/2026\n", PanelFactory())
    assert item.public_history()[-1].text == ""
    assert client.get(f"/api/v2/recommendations/{item.ref}/").json()["history"][0]["text"] == ""


@pytest.mark.django_db
def test_what_an_editor_types_is_kept_as_a_file_gives_it_back(admin_user):
    """Case I12: a browser's line ends, and what a paste brings, would make the same words differ."""
    item = RecommendationFactory()
    form_class = Recommendation.edit_handler.bind_to_model(Recommendation).get_form_class()
    data = model_to_dict(item, fields=[field for field in form_class.base_fields if getattr(item, field, None)])
    data |= {"title": " Mend\u00a0it\u200b", "text": "One\r\nTwo "}
    form = form_class(data, instance=item, for_user=admin_user)
    assert form.is_valid(), form.errors
    saved = form.save()
    assert (saved.title, saved.text) == ("Mend it", "One\nTwo")
