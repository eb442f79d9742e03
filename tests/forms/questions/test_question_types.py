"""Question types: accepted, stored, rejected and formatted values."""

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string

from forms.answers.forms import AnswersForm, rows_of
from forms.builder.definition import definition_of
from forms.builder.question_blocks import QuestionsBlock
from forms.questions import REGISTRY
from tests.factories.forms import FormPageFactory, question
from tests.factories.pages import ReviewPageFactory
from tests.factories.records import PanelFactory, RecommendationFactory

# Choosing a panel, a review or a recommendation looks them up.
pytestmark = pytest.mark.django_db

OPTIONS = ["In person", "By phone", "50% & <both>"]

# type, settings, boxes as typed, what is stored, how it reads
ROUND_TRIPS = [
    ("short_text", {}, {"": "  Mill Court "}, "Mill Court", ["Mill Court"]),
    ("short_text", {}, {"": "<b>O'Neill</b> 100%"}, "<b>O'Neill</b> 100%", ["<b>O'Neill</b> 100%"]),
    ("long_text", {}, {"": "One\r\nTwo\r"}, "One\nTwo", ["One\nTwo"]),
    (
        "name",
        {},
        {"-title": "Ms", "-first_name": "Ada", "-surname": "Byron"},
        {"title": "Ms", "first_name": "Ada", "surname": "Byron"},
        ["Ms Ada Byron"],
    ),
    ("email", {}, {"": "ada@example.org"}, "ada@example.org", ["ada@example.org"]),
    ("phone", {}, {"": "+44 (0)1632 960-001 ext 12"}, "+44 (0)1632 960-001 ext 12", ["+44 (0)1632 960-001 ext 12"]),
    (
        "address",
        {},
        {"-line_1": "1 Mill Court", "-line_2": "", "-town": "Ely", "-county": "", "-postcode": "CB7 4AA"},
        {"line_1": "1 Mill Court", "town": "Ely", "postcode": "CB7 4AA"},
        ["1 Mill Court\nEly\nCB7 4AA"],
    ),
    # case F10: one name is enough, in either box
    ("name", {}, {"-first_name": "Suharto"}, {"first_name": "Suharto"}, ["Suharto"]),
    ("name", {}, {"-title": "Ms", "-surname": "Ngozi"}, {"title": "Ms", "surname": "Ngozi"}, ["Ms Ngozi"]),
    # case F4: what nobody can see, at both ends and inside
    ("email", {}, {"": "\ufeffpat@exam\u00adple.org\u200b"}, "pat@example.org", ["pat@example.org"]),
    ("short_text", {}, {"": "\u200eFlat\u00a02\u2060"}, "Flat 2", ["Flat 2"]),
    ("short_text", {}, {"": "a\x00b\ud800c\x1bd\ne"}, "abcd e", ["abcd e"]),
    ("name", {}, {"-first_name": "A\u200bda\x00", "-surname": "B"}, {"first_name": "Ada", "surname": "B"}, ["Ada B"]),
    # case F5: what a phone's own list of people copies
    ("phone", {}, {"": "07700\u00a0900123"}, "07700 900123", ["07700 900123"]),
    ("phone", {}, {"": "\u202a07700\u2011900\u2013123\u202c"}, "07700-900-123", ["07700-900-123"]),
    ("phone", {}, {"": "\uff10\uff17\uff17\uff10\uff10 900123"}, "07700 900123", ["07700 900123"]),
    # case F6: Word's line end within a paragraph, and others
    ("long_text", {}, {"": "Damp\vin\u2028all\x07\frooms"}, "Damp\nin\nall\nrooms", ["Damp\nin\nall\nrooms"]),
    (
        "long_text",
        {},
        {"": "Sia\u0302n \U0001f44d\U0001f3fe"},
        "Si\u00e2n \U0001f44d\U0001f3fe",
        ["Si\u00e2n \U0001f44d\U0001f3fe"],
    ),
    (
        "yes_no",
        {"follow_up": "Details?"},
        {"": "yes", "-details": "\ufeffA\vramp\ud800"},
        {"choice": "yes", "details": "A\nramp"},
        ["Yes", "A\nramp"],
    ),
    (
        "address",
        {},
        {"-line_1": "1 Mill Court", "-town": "Ely", "-postcode": "cb74\u00a0aa"},
        {"line_1": "1 Mill Court", "town": "Ely", "postcode": "CB7 4AA"},
        ["1 Mill Court\nEly\nCB7 4AA"],
    ),
    (
        "address",
        {},
        {"-line_1": "1 Mill Court", "-town": "Cork", "-postcode": "T12 X70A"},
        {"line_1": "1 Mill Court", "town": "Cork", "postcode": "T12 X70A"},
        ["1 Mill Court\nCork\nT12 X70A"],
    ),
    ("yes_no", {}, {"": "no"}, {"choice": "no"}, ["No"]),
    (
        "yes_no",
        {"follow_up": "Details?"},
        {"": "yes", "-details": "A ramp"},
        {"choice": "yes", "details": "A ramp"},
        ["Yes", "A ramp"],
    ),
    ("yes_no", {"follow_up": "Details?"}, {"": "no", "-details": "A ramp"}, {"choice": "no"}, ["No"]),
    ("radios", {"options": OPTIONS}, {"": "50% & <both>"}, "50% & <both>", ["50% & <both>"]),
    (
        "checkboxes",
        {"options": OPTIONS},
        {"": ["By phone", "In person", "By phone"]},
        ["In person", "By phone"],
        ["In person\nBy phone"],
    ),
    ("select", {"options": OPTIONS}, {"": "By phone"}, "By phone", ["By phone"]),
    ("number", {"unit": "hours"}, {"": "1,200"}, "1200", ["1200 hours"]),
    ("number", {"minimum": 0}, {"": "0"}, "0", ["0"]),
    ("number", {"decimals": True}, {"": "01.50"}, "1.5", ["1.5"]),
    ("money", {}, {"": " £1,200.5 "}, "1200.50", ["£1200.50"]),
    ("money", {}, {"": "0"}, "0.00", ["£0.00"]),
    ("money", {}, {"": "1,250"}, "1250.00", ["£1250.00"]),
    ("money", {}, {"": "£\u00a01\u202f250.50"}, "1250.50", ["£1250.50"]),
    ("money", {}, {"": "1,234,567.89 £"}, "1234567.89", ["£1234567.89"]),
    ("number", {"minimum": -9}, {"": "\u22125"}, "-5", ["-5"]),
    ("number", {"decimals": True}, {"": "12,345.5"}, "12345.5", ["12345.5"]),
    ("number", {}, {"": "\u0661\u0662"}, "12", ["12"]),
    ("number", {}, {"": "1.0"}, "1", ["1"]),
    ("date", {}, {"-day": "9", "-month": "March", "-year": "2026"}, "2026-03-09", ["9 March 2026"]),
    ("date", {}, {"-day": "1st", "-month": "sept", "-year": "2026"}, "2026-09-01", ["1 September 2026"]),
    ("date", {}, {"-day": "29", "-month": "FEB.", "-year": "2028"}, "2028-02-29", ["29 February 2028"]),
    ("date", {}, {"-day": "\u00a09", "-month": "0\u200b3", "-year": "1948"}, "1948-03-09", ["9 March 1948"]),
    ("declaration", {"text": "<p>True</p>", "agreement": "Yes, it is"}, {"": "yes"}, True, ["Yes, it is"]),
    ("eligibility", {"ruled_out": "no", "words": "<p>Sorry</p>"}, {"": "yes"}, None, None),
    ("content", {"text": "<p>Next</p>"}, {}, None, None),
]

# type, settings, boxes as typed, box with the error, part of the message
REFUSALS = [
    ("short_text", {}, {"": ""}, "", "Enter an answer"),
    ("short_text", {}, {"": "   "}, "", "Enter an answer"),
    ("short_text", {}, {}, "", "Enter an answer"),
    # Whoever sends only what nobody can see has sent nothing.
    ("short_text", {}, {"": "\u3164\u200b\x00"}, "", "Enter an answer for “Label of a”"),
    # case F18: an empty answer is named where the question's words are plain
    ("phone", {"label": "What is your phone number?"}, {"": ""}, "", "Enter your phone number"),
    ("phone", {"label": "Phone number"}, {"": "\u00a0"}, "", "Enter your phone number"),
    ("phone", {"label": "How can we reach you?"}, {}, "", "Enter a phone number for “How can we reach you?”"),
    ("email", {"label": "Your email address"}, {}, "", "Enter your email address"),
    ("short_text", {"label": "What is your job?"}, {}, "", "Enter your job"),
    ("short_text", {"label": "What is your review about?"}, {}, "", "Enter an answer for “What is your review about?”"),
    ("date", {"label": "What’s your date of birth?"}, {}, "-day", "Enter your date of birth"),
    ("number", {"label": "How many homes?"}, {}, "", "Enter a number for “How many homes?”"),
    ("short_text", {}, {"": "a" * 1_000_000}, "", "200 characters or fewer"),
    ("short_text", {"label": "100% of (%s) %(x)s"}, {"": "a" * 201}, "", "100% of (%s) %(x)s"),
    ("long_text", {}, {"": "a" * 5001}, "", "5,000 characters or fewer"),
    ("name", {}, {"-title": "Ms"}, "-first_name", "Enter your name"),
    ("name", {}, {"-first_name": "A" * 101}, "-first_name", "100 characters or fewer"),
    ("email", {}, {"": "ada@"}, "", "correct format"),
    ("email", {}, {"": "a" * 1_000_000 + "@example.org"}, "", "254 characters"),
    ("phone", {}, {"": "ring me"}, "", "Enter a phone number"),
    ("phone", {}, {"": "123"}, "", "Enter a phone number"),
    ("address", {}, {"-line_1": "1 Mill Court", "-town": "Ely"}, "-postcode", "Enter your postcode"),
    # case F18: what a postcode looks like
    *(
        ("address", {}, {"-line_1": "1 Mill Court", "-town": "Ely", "-postcode": typed}, "-postcode", "like CB7 4AA")
        for typed in ("CB7 4AA, Cambridgeshire", "CB7", "CB7 4A", "Ely", "cb7-4", "-")
    ),
    ("yes_no", {}, {}, "", "Choose yes or no"),
    ("yes_no", {}, {"": "perhaps"}, "", "Choose yes or no"),
    ("yes_no", {"follow_up": "Details?", "follow_up_required": True}, {"": "yes"}, "-details", "Details?"),
    ("radios", {"options": OPTIONS}, {"": "Forged"}, "", "Choose an answer"),
    ("radios", {"options": OPTIONS, "label": "50% (%s)"}, {"": "Forged"}, "", "50% (%s)"),
    ("checkboxes", {"options": OPTIONS}, {}, "", "Choose from the answers"),
    ("checkboxes", {"options": OPTIONS}, {"": ["In person", "\ud800"]}, "", "Choose from the answers"),
    ("select", {"options": OPTIONS}, {"": ""}, "", "Choose an answer"),
    ("number", {}, {"": "12345678901234567890"}, "", "too large"),
    ("number", {}, {"": "9" * 1_000_000}, "", "too large"),
    ("number", {}, {"": "1e5"}, "", "must be a number"),
    ("number", {}, {"": "NaN"}, "", "must be a number"),
    ("number", {}, {"": "1.5"}, "", "whole number"),
    ("number", {}, {"": "1.000"}, "", "whole number"),
    ("number", {"decimals": True}, {"": "0.123456"}, "", "4 digits or fewer"),
    # case F3: a comma, or a space, that parts no thousands
    *(
        (type_, {"decimals": True} if type_ == "number" else {}, {"": typed}, "", words)
        for type_, words in (("money", "like 12.50 or 1,250"), ("number", "like 12 or 1,250"))
        for typed in (
            "12,50",
            "12,5",
            "1,2,3",
            "1,25",
            "1,2500",
            "0,250",
            "1250,00",
            "1.250,50",
            "1,250 000",
            "12 50",
            ",5",
        )
    ),
    ("number", {"minimum": 1}, {"": "0"}, "", "1 or more"),
    ("number", {"maximum": 10}, {"": "11"}, "", "10 or less"),
    ("money", {}, {"": ""}, "", "Enter an amount for"),
    ("money", {}, {"": "12.345"}, "", "amount in pounds"),
    ("money", {}, {"": "-5"}, "", "amount in pounds"),
    ("money", {}, {"": "twelve"}, "", "amount in pounds"),
    ("money", {}, {"": "12345678901.50"}, "", "too large"),
    ("money", {}, {"": "9" * 1_000_000}, "", "too large"),
    ("file", {}, {}, "", "Choose a file"),
    ("file", {}, {"-kept": "0" * 32}, "", "no longer have"),
    ("file", {}, {"-kept": "\ud800"}, "", "no longer have"),
    ("panel_choice", {}, {"": "999"}, "", "Choose an answer"),
    ("review_choice", {}, {"": "1 OR 1=1"}, "", "Choose an answer"),
    ("recommendation_choice", {}, {"": "\x00"}, "", "Choose an answer"),
    ("date", {}, {}, "-day", "Enter a date"),
    ("date", {}, {"-day": "9", "-year": "2026"}, "-month", "must include a month"),
    ("date", {}, {"-day": "30", "-month": "2", "-year": "2026"}, "-day", "real date"),
    ("date", {}, {"-day": "1", "-month": "1", "-year": "26"}, "-year", "four figures"),
    # case F7: a word that begins like a month, and a year of no calendar in use
    ("date", {}, {"-day": "1", "-month": "marmalade", "-year": "2026"}, "-day", "real date"),
    ("date", {}, {"-day": "1", "-month": "ma", "-year": "2026"}, "-day", "real date"),
    ("date", {}, {"-day": "1", "-month": "Septober", "-year": "2026"}, "-day", "real date"),
    ("date", {}, {"-day": "1", "-month": "3", "-year": "0026"}, "-year", "from 1900 to 2099"),
    ("date", {}, {"-day": "1", "-month": "3", "-year": "20226"}, "-year", "four figures"),
    ("date", {}, {"-day": "1", "-month": "3", "-year": "2206"}, "-year", "from 1900 to 2099"),
    ("date", {}, {"-day": "29", "-month": "2", "-year": "2027"}, "-day", "real date"),
    ("date", {}, {"-day": "1" * 5000, "-month": "1", "-year": "2026"}, "-day", "real date"),
    ("date", {}, {"-day": "\x00", "-month": "1", "-year": "2026"}, "-day", "must include a day"),
    ("declaration", {"text": "<p>True</p>"}, {}, "", "Tick the box"),
    ("eligibility", {"ruled_out": "no", "words": "<p>Sorry</p>"}, {}, "", "Choose yes or no"),
]


def definition(type_: str, settings: dict) -> dict:
    asked = question("a", type_, **settings)
    item = {"id": "a", "type": type_, **asked["value"]}
    return {"title": "T", "kind": "general", "sections": [{"id": "s", "title": "S", "questions": [item]}]}


def typed(boxes: dict) -> QueryDict:
    data = QueryDict(mutable=True)
    for part, value in boxes.items():
        data.setlist(f"q-a{part}", value if isinstance(value, list) else [value])
    return data


def test_every_block_has_its_question_type_and_every_type_its_block():
    assert set(QuestionsBlock().child_blocks) == set(REGISTRY)


@pytest.mark.parametrize(("type_", "settings", "boxes", "stored", "words"), ROUND_TRIPS)
def test_an_answer_is_stored_plainly_and_reads_as_it_was_meant(type_, settings, boxes, stored, words):
    asked = definition(type_, settings)
    form = AnswersForm(asked, typed(boxes))
    assert form.is_valid(), form.errors
    assert form.answers() == ({} if stored is None else {"a": stored})
    read = [row.words for part in rows_of(asked, form.answers()) for row in part.rows]
    assert read == (words or [])


@pytest.mark.parametrize(("type_", "settings", "boxes", "box", "message"), REFUSALS)
def test_what_is_wrong_is_said_at_its_box(type_, settings, boxes, box, message):
    form = AnswersForm(definition(type_, settings), typed(boxes))
    ((where, words),) = form.problems()
    assert where == f"q-a{box}"
    assert message in words


@pytest.mark.parametrize("type_", sorted(set(REGISTRY) - {"eligibility", "content"}))
def test_what_need_not_be_answered_may_be_left(type_):
    settings = {"required": False, "options": OPTIONS}
    form = AnswersForm(definition(type_, settings), typed({}))
    assert form.is_valid(), form.errors
    assert form.answers() == {}
    assert rows_of(form.definition, {})[0].rows[0].words == ""


@pytest.mark.parametrize("odd", [None, 7, "text", ["list"], {"dict": 1}, True])
@pytest.mark.parametrize("type_", sorted(REGISTRY))
def test_a_stored_answer_of_any_shape_can_be_read(type_, odd):
    """The pages of handlers never fail, whatever an older version of a type stored."""
    rows_of(definition(type_, {"options": OPTIONS, "follow_up": "Details?"}), {"a": odd})


def test_a_type_that_is_no_longer_known_reads_as_text():
    (part,) = rows_of(definition("hologram", {}), {"a": "still here"})
    assert part.rows[0].words == "still here"


@pytest.mark.parametrize(("type_", "settings", "boxes", "box", "message"), REFUSALS)
def test_an_error_leads_to_a_box_that_is_there(type_, settings, boxes, box, message):
    form = AnswersForm(definition(type_, settings), typed(boxes))
    ((where, _words),) = form.problems()
    (field,) = form.sections()[0]["questions"]
    page = render_to_string(field["template"], {"field": field})
    assert f'id="{where}"' in page
    assert "govuk-error-message" in page


def test_every_type_survives_the_page_and_its_database():
    """The table above uses plain definitions; this checks that blocks produce the same settings."""
    settings = {type_: settings for type_, settings, *_ in ROUND_TRIPS}
    asked = [question(f"q{at}", type_, **settings[type_]) for at, type_ in enumerate(sorted(settings))]
    form = FormPageFactory(questions=asked)
    form.refresh_from_db()
    items = definition_of(form)["sections"][0]["questions"]
    assert [item["type"] for item in items] == sorted(settings)
    for item in items:
        for name, value in settings[item["type"]].items():
            if value not in ("", False):
                assert item[name] == value


def test_only_public_records_can_be_chosen_and_their_title_is_kept(home):
    """A private record is neither listed nor accepted."""
    shown, hidden = {}, {}
    shown["panel_choice"] = PanelFactory(name="Shown panel")
    hidden["panel_choice"] = PanelFactory(name="Hidden panel", live=False)
    shown["review_choice"] = ReviewPageFactory(title="Shown review")
    hidden["review_choice"] = ReviewPageFactory(title="Hidden review", live=False)
    shown["recommendation_choice"] = RecommendationFactory(title="Shown promise")
    hidden["recommendation_choice"] = RecommendationFactory(title="Hidden promise", live=False)
    for type_, record in shown.items():
        asked = definition(type_, {})
        (field,) = AnswersForm(asked).sections()[0]["questions"]
        page = render_to_string(field["template"], {"field": field})
        assert f'value="{record.pk}"' in page
        assert "Hidden" not in page
        form = AnswersForm(asked, typed({"": str(record.pk)}))
        assert form.is_valid(), form.errors
        answer = form.answers()["a"]
        assert answer["pk"] == record.pk
        assert "Shown" in answer["title"]
        forged = AnswersForm(asked, typed({"": str(hidden[type_].pk)}))
        assert not forged.is_valid()
        # What was chosen can be read when it is gone.
        record.delete()
        assert rows_of(asked, {"a": answer})[0].rows[0].words == answer["title"]
