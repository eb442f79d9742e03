"""Every row about forms of the five real arrangements is met by its starter, by the id of the row."""

import re
from io import StringIO

import pytest
from django.core.management import call_command

from cms.core.streamfield_builder import made_id
from forms.builder.definition import definition_of
from forms.cases.services.messages import filled_in
from forms.enums import Audience, FormKind, OtherStep
from forms.models import FormPage, FormVersion, MessageWording, QuestionSet, Regime
from forms.rules.case_states import states_of
from forms.starters.loader import FOLDER, load_rules, question_key, read
from scrutiny_pages.models import LoadedStarter, PanelPage, ProcessStage
from scrutiny_pages.starters import reader
from scrutiny_pages.starters.loader import BadStarter, site_created
from scrutiny_pages.starters.reader import Starter
from tests.factories.forms import case_of
from tests.factories.records import PanelFactory
from tests.shared_rows import shared_rows

W, H, K, G, C = "three-tier", "task-and-finish", "council-forum", "customer-review", "scrutiny-panel"
REQUEST = ["panel", "review", "what", "why", "format", "needed-by", "requester", "confidentiality"]
IMPACT = [
    *("activity", "date", "people", "hours", "pounds", "outputs", "outcomes"),
    *("who-benefited", "equality", "value", "evidence", "next"),
]

# Every row with the tag [form] in the register: the starter, the form, and the questions that meet it.
ROWS: dict[str, list[tuple[str, str, list[str]]]] = {
    "A0 Trigger": [
        (W, "ask-for-review", ["subject", "reason", "ground"]),
        (H, "ask-for-review", ["ground", "light-touch"]),
        (K, "ask-for-review", ["ground"]),
        (G, "topic", ["service", "what", "who"]),
        (C, "ask-for-review", ["ground"]),
    ],
    "A0 Information request": [(starter, "panel-request", REQUEST) for starter in (W, H, K, G, C)],
    "A0 Forms": [
        *((starter, "application", ["why", "skills"]) for starter in (W, H, K, G, C)),
        *((starter, "impact", IMPACT) for starter in (W, H, K, G, C)),
        (H, "agreement", ["confidentiality"]),
        (K, "agreement", ["code-of-conduct"]),
    ],
    "W4": [(W, "agreement", ["code-of-conduct", "confidentiality"])],
    "W10": [(W, "panel-request", REQUEST)],
    "W30": [(W, "application", ["why", "help-with-words", "support-needs", "legal-action", "tenant-director"])],
    "W31": [(W, "agreement", ["code-of-conduct", "confidentiality"])],
    "W42": [(W, "panel-request", REQUEST)],
    "W51": [(W, "impact", IMPACT)],
    "H 3.3": [(H, "ask-for-review", ["subject", "reason", "ground"])],
    "H 4.3": [(H, "panel-request", REQUEST)],
    "H 6.1": [(H, "panel-request", REQUEST)],
    "H 7": [(H, "agreement", ["confidentiality"])],
    "K 3": [(K, "panel-request", REQUEST)],
    "K 4.2b": [(K, "application", ["why", "interview", "most-training"])],
    "K 11.4": [
        (K, "initial-report", ["why", "failing", "timescale", "proposed-outcomes"]),
        (K, "panel-request", REQUEST),
        (K, "impact", IMPACT),
    ],
    "K 13": [(K, "agreement", ["code-of-conduct", "confidentiality"])],
    "G 1": [(G, "topic", ["service", "what", "who"])],
    "G 3": [(G, "task-choice", ["review", "tasks", "how"])],
    "G 4": [
        (G, "research-feedback", ["findings", "quote", "statistic", "web-address"]),
        (G, "research-feedback", ["organisation", "good-practice"]),
    ],
    "G 8": [(G, "extension", ["recommendation", "reason", "new-date"])],
    "G 9": [(G, "agreement", ["sharing-my-email"])],
    "C Intro": [(C, "application", ["declaration"])],
    "C Your details": [(C, "application", ["name", "address", "phone", "email"])],
    "C Q1": [(C, "application", ["involved"])],
    "C Q2": [(C, "application", ["plans"])],
    "C Q3": [(C, "application", ["qualifications"])],
    "C Q4": [(C, "application", ["why"])],
    "C Q5": [(C, "application", ["benefit"])],
    "C Q6": [(C, "application", ["skills"])],
    "C Q7": [(C, "application", ["training"])],
    "C Q8": [(C, "application", ["support-needs"])],
    "C Q9": [(C, "application", ["anything-else"])],
    "C Expenses": [(C, "expenses", ["what-for", "miles", "fares", "declaration"])],
    "C Programme": [(C, "ask-for-review", ["subject", "reason", "ground"])],
    "C Access": [(C, "panel-request", ["sort", "what"])],
    "C Code changes": [(C, "agreement", ["terms-code-and-role", "code-of-conduct", "confidentiality"])],
}
ARRANGEMENTS = (W, H, K, G, C)


@pytest.fixture(scope="class", params=ARRANGEMENTS)
def loaded(request):
    """Load each arrangement in turn, once for all its tests, as the setup of a site does."""
    with shared_rows(request):
        call_command("load_starter", request.param, publish=True, stdout=StringIO())
        yield request.param


@pytest.fixture
def arrangement(loaded, db) -> str:
    """Return the name of the arrangement that is loaded."""
    return loaded


def form_of(starter: str, name: str) -> FormPage:
    """Return the page of a starter's form: the first with that name."""
    row = next(row for row in reader.read(starter).rows("forms") if row["form"] == name)
    return FormPage.objects.get(slug=row.get("slug", read(name)["slug"]))


def questions_of(form: FormPage) -> dict[str, dict]:
    """Return the questions of a form by their ids."""
    return {item["id"]: item for part in definition_of(form)["sections"] for item in part["questions"]}


def has(starter: str, name: str, key: str) -> dict:
    """Return one question of a starter's form by its key."""
    return questions_of(form_of(starter, name))[made_id(question_key(name, key))]


class TestEveryArrangement:
    def test_every_row_of_the_register_is_met(self, arrangement):
        for row, places in ROWS.items():
            for starter, name, keys in places:
                if starter == arrangement:
                    form = form_of(starter, name)
                    assert form.live, row
                    asked = questions_of(form)
                    missing = [key for key in keys if made_id(question_key(name, key)) not in asked]
                    assert not missing, f"{row}: {starter}, {name} does not ask {missing}"
        if arrangement == C:
            assert has(C, "application", "support-needs")["handlers_only"], "C Q8 may be about somebody's health"
        if arrangement == K:
            letters = ProcessStage.objects.exclude(letter="").values_list("produces", flat=True)
            assert "letter" in letters, "K 11.4 stage 3: the letter is written from its stage"
        # W32: counted apart from the form, with nothing that leads to the person.
        asked = form_of(arrangement, "application").equality_questions.questions
        assert [item.id for item in asked] == [
            made_id(question_key("equality", key)) for key in ("age", "gender", "ethnic-group", "disability")
        ]

    def test_forms_are_sound_as_an_editor_would_have_made_them(self, arrangement):
        for form in FormPage.objects.all():
            form.full_clean()
            form.sections.stream_block.clean(form.sections)
            assert form.get_parent().slug == "get-involved"
            ids = [part.id for part in form.sections] + list(questions_of(form))
            assert len(ids) == len(set(ids)), form
            assert "{" not in str(definition_of(form)).replace("{'", "").replace("{}", ""), form

    def test_forms_for_anybody_are_found_from_get_involved_and_the_others_are_not(self, client, arrangement):
        body = client.get("/get-involved/").content.decode()
        for form in FormPage.objects.all():
            is_public = form.live and form.audience == Audience.ANYONE
            assert (f'href="{form.get_url()}"' in body) == is_public, form
        for panel in PanelPage.objects.filter(apply_page__isnull=False):
            form = panel.apply_page.specific
            asks_which = any("Which panel" in str(section.value["questions"]) for section in form.sections)
            assert form.panel == (None if asks_which else panel.panel)
        complain = form_of(arrangement, "data-complaint")
        assert complain.regime.acknowledge_amount == 30
        footer = client.get("/").content.decode()
        assert complain.get_url() in footer
        assert 'href="/information-requests/"' in footer

    def test_what_the_law_lets_people_ask_waits_for_the_landlord(self, arrangement):
        """Another team often answers these, so the form is a draft to be reviewed and published."""
        form = form_of(arrangement, "tenant-request")
        assert not form.live
        assert form.regime.slug == ("foi" if arrangement in (H, K) else "stairs")


def test_the_rows_are_those_of_the_register():
    """The register's rows with [form], typed in: a row that is added there has to be met here."""
    in_register = {
        *("A0 Trigger", "A0 Information request", "A0 Forms"),
        *("W4", "W10", "W30", "W31", "W32", "W42", "W51"),
        *("H 3.3", "H 4.3", "H 6.1", "H 7"),
        *("K 3", "K 4.2b", "K 11.4", "K 13"),
        *("G 1", "G 3", "G 4", "G 8", "G 9"),
        *("C Intro", "C Your details", "C Q1", "C Q2", "C Q3", "C Q4", "C Q5", "C Q6", "C Q7", "C Q8", "C Q9"),
        *("C Expenses", "C Programme", "C Access", "C Code changes"),
    }
    assert set(ROWS) | {"W32"} == in_register


@pytest.mark.parametrize(
    ("starter", "slug", "amount", "unit"),
    [
        (H, "panel-10-working-days", 10, "working_days"),  # H 6.1
        (K, "panel-28-days", 28, "calendar_days"),  # K 11.4
        (W, "panel-agreed", None, "working_days"),  # W42
        (W, "stairs", 30, "calendar_days"),
        (K, "foi", 20, "working_days"),
    ],
)
def test_requests_are_answered_by_the_days_of_their_source(db, starter, slug, amount, unit):
    load_rules(reader.read(starter))
    regime = Regime.objects.get(slug=slug)
    assert (regime.answer_amount, regime.answer_unit) == (amount, unit)
    assert regime.source
    assert regime.refusal_reasons.exists()


def test_staff_have_messages_to_begin_with(db):
    load_rules(reader.read(K))
    for kind in (FormKind.REQUEST, FormKind.APPLICATION, FormKind.IMPACT):
        case = case_of(kind)
        offered = [wording for wording in MessageWording.objects.all() if wording.kind in ("", kind)]
        assert len(offered) > 1, kind
        for wording in offered:
            assert wording.state in ("", *states_of(kind), *OtherStep), wording
            words = " ".join(filled_in(wording, case))
            assert case.submission.reference in words, wording
            # What only a step knows is filled in when it is taken.
            assert set(re.findall(r"{(\w+)}", words)) <= {"reason", "when", "where"}, wording


def test_loading_again_or_beside_another_leaves_forms_and_rules_as_they_are(db):
    call_command("load_starter", H, publish=True, stdout=StringIO())
    Regime.objects.filter(slug="foi").update(answer_amount=15)
    QuestionSet.objects.update(name="Who takes part")
    before = list(FormVersion.objects.values_list("form_key", "digest"))
    call_command("load_starter", H, stdout=StringIO())
    call_command("load_starter", K, "--add", stdout=StringIO())
    assert list(FormVersion.objects.values_list("form_key", "digest")) == before
    assert Regime.objects.get(slug="foi").answer_amount == 15
    assert Regime.objects.filter(slug="panel-28-days").exists()
    assert QuestionSet.objects.count() == 1
    assert LoadedStarter.objects.count() == 2


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([{"form": "nonsense"}], "there is no form nonsense"),
        ([{"form": "topic", "panel": "nobody"}], "it needs a panel"),
        ([{"form": "topic", "panel": "scrutiny-panel", "add": {"none": []}}], "it has no section none"),
        ([{"form": "agreement", "panel": "scrutiny-panel", "agreements": ["none"]}], "there is no agreement none"),
    ],
)
def test_a_file_that_is_wrong_says_where(home, rows, words):
    PanelFactory(slug="scrutiny-panel")
    load_rules(reader.read(K))
    pages = {"get-involved": home.pk}
    with pytest.raises(BadStarter, match=words):
        site_created.send(sender=Starter, starter=Starter("bad", {"forms": rows}), pages=pages, publish=True)


def test_every_file_is_used_by_some_starter():
    used = {row["form"] for starter in reader.read_all() for row in starter.rows("forms")}
    assert {path.stem for path in FOLDER.glob("*.yaml")} == used | {"regimes", "equality", "messages"}
    used = {slug for starter in reader.read_all() for slug in starter.rows("regimes")}
    of_law = {slug for slug, data in read("regimes").items() if data.get("law")}
    assert set(read("regimes")) == used | of_law
