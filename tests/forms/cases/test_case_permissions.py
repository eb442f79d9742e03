"""Permissions of forms: every role, every view, every method, and the exact result of each."""

import datetime
import uuid

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from forms.cases import services
from forms.enums import CaseState, FormKind
from forms.models import (
    AccessRecord,
    Case,
    CaseEvent,
    FormHandling,
    FormPage,
    MessageWording,
    PublicEntry,
    QuestionSet,
    Regime,
    Submission,
    Upload,
)
from forms.models.permissions import user_can_handle, user_can_handle_form
from forms.rules.case_states import MOVES, states_of
from tests.factories.forms import RegimeFactory, case_of
from tests.factories.state import arrange

STRANGER, NOBODY, EDITOR, CASEWORKER, OTHER, CHAIR, ADMIN = ROLES = (
    "stranger",
    "nobody",
    "Editor",
    "Caseworker",
    "caseworker of another form's group",
    "Panel chair",
    "administrator",
)
pytestmark = [pytest.mark.django_db, pytest.mark.matrix("role", CASEWORKER), pytest.mark.on_day("2026-11-22")]
HANDLERS = (CASEWORKER, ADMIN)
LOGIN, HOME = "302 /admin/login/", "302 /admin/"
DAY = datetime.timedelta(days=1)
NO_POST = "405 for all who are signed in"  # there is nothing to send, so nobody needs to be asked who they are
REGISTERS = {
    FormKind.APPLICATION: "applications",
    FormKind.REQUEST: "information-requests",
    FormKind.IMPACT: "impact-assessments",
    FormKind.GENERAL: "other-forms",
}


@pytest.fixture
def sign_in(client, home):
    """Return a client for a role: a caseworker is in the group that handles these forms, or in another."""
    Group.objects.create(name="Our forms")
    Group.objects.create(name="Other forms")

    def enter(role: str):
        client.logout()
        if role == STRANGER:
            return None
        user = get_user_model().objects.create_user(role, is_superuser=role == ADMIN)
        if role in (EDITOR, CASEWORKER, OTHER, CHAIR):
            user.groups.add(Group.objects.get(name="Caseworker" if role == OTHER else role))
        if role in (CASEWORKER, OTHER):
            user.groups.add(Group.objects.get(name="Our forms" if role == CASEWORKER else "Other forms"))
        client.force_login(user)
        return user

    return enter


@pytest.fixture
def cases(sign_in) -> dict[str, Case]:
    """Return one case of each kind and a quarantined one, each with a file, all kept to one group."""
    made = {}
    for kind in (*FormKind, "spam"):
        case = case_of(FormKind.GENERAL if kind == "spam" else kind)
        version = case.submission.version
        handling = FormHandling.objects.create(form=version.form, form_key=version.form_key, form_title="x")
        handling.groups.add(Group.objects.get(name="Our forms"))
        upload = Upload(version=version, question_id="q", submission=case.submission, name="a.txt", size=1)
        upload.file.save("a", ContentFile(b"a"))
        made[str(kind)] = case
    arrange(Case.objects.filter(pk=made["spam"].pk).update, is_quarantined=True)
    return made


def register_of(name: str) -> str:
    return "set-aside" if name == "spam" else REGISTERS[FormKind(name)]


def outcome(answer) -> str:
    """Return the status of a response, and the URL it redirects to, without its query string."""
    return f"{answer.status_code} {answer.url.split('?')[0]}" if answer.status_code == 302 else str(answer.status_code)


def refused(role: str) -> str:
    return LOGIN if role in (STRANGER, NOBODY) else HOME


def of_one(role: str, answer: str) -> str:
    """Return the expected result for one case: the response, 404 for cases of other groups, or a redirect."""
    if role in HANDLERS:
        return answer
    return "404" if role == OTHER else refused(role)


def of_all(role: str, answer: str) -> str:
    """Return the expected result for a list."""
    return answer if role in (*HANDLERS, OTHER) else refused(role)


def screens(name: str, case: Case) -> dict[str, tuple]:
    """Return each URL of a case with the results of GET and POST for its handlers, and the rule for other roles."""
    register, sent = register_of(name), case.submission
    one = f"/admin/received/{sent.reference}/"
    inspect = f"/admin/{register}/inspect/{sent.pk}/"
    token = sent.uploads.get().token
    form_key = sent.version.form_key
    bulk = "release" if name == "spam" else "mine"
    found = {
        f"/admin/{register}/": (of_all, "200", "405"),
        inspect: (of_one, "200", "405"),
        f"/admin/{register}/bulk/{bulk}/?row={sent.pk}": (of_one, "200", None),
        f"/admin/{register}/bulk/nonsense/?row={sent.pk}": (of_all, "404", "404"),
        f"/admin/{register}/create/": (None, "404", "404"),
        f"/admin/{register}/edit/{sent.pk}/": (None, "404", "404"),
        f"/admin/{register}/delete/{sent.pk}/": (None, "404", "404"),
        one: (of_one, f"302 {inspect}", NO_POST),
        f"{one}print/": (of_one, "200", NO_POST),
        f"{one}files/{token}/": (of_one, "200", NO_POST),
        f"{one}files/{uuid.uuid4()}/": (of_one, "404", NO_POST),
        f"{one}all-we-hold/": (of_one, "200", NO_POST),
        f"{one}erase/": (of_one, "200", None),
        f"/admin/received-files/{form_key}/all.csv": (of_form, "200", NO_POST),
        f"/admin/received-files/{form_key}/all.xlsx": (of_form, "200", NO_POST),
        f"/admin/received-files/{form_key}/version-1.csv": (of_form, "200", NO_POST),
        f"/admin/received-files/{form_key}/version-9.csv": (of_form, "404", NO_POST),
    }
    steps = [f"to-{state}" for state in MOVES] + ["message", "ask", "answered", "extend", "take-up", "member"]
    for step in [*steps, "assign", "note", "spam", "release", "nonsense"]:
        possible = step in possible_at_first(name)
        answer = "200" if possible else f"302 {inspect}"
        # Sent empty, a form that asks something is shown again; what asks nothing is sent below, in its own test.
        found[f"{one}do/{step}/"] = (of_one, answer, None if step in ("spam", "release", "assign") else answer)
    return found


def of_form(role: str, answer: str) -> str:
    """Return the expected result for an export of one form: 403 for users who may not handle the form."""
    return answer if role in HANDLERS else refused(role)


def possible_at_first(name: str) -> set[str]:
    """Return the steps that are possible at receipt."""
    if name == "spam":
        return {"release"}
    follow = {
        "application": "acknowledged interview offered reserve not_this_time withdrawn",
        "request": "acknowledged answered partly_answered refused not_held withdrawn",
        "impact": "in_hand done withdrawn",
        "general": "in_hand done withdrawn",
    }[name]
    more = {"ask", "extend"} if name == "request" else set()
    return {f"to-{state}" for state in follow.split()} | {"message", "assign", "note", "spam"} | more


@pytest.mark.parametrize("role", ROLES)
def test_every_role_at_every_screen_of_every_case(sign_in, client, cases, role):
    sign_in(role)
    before = list(Case.objects.order_by("pk").values()), CaseEvent.objects.count()
    wrong = {}
    for name, case in cases.items():
        for address, (rule, get, post) in screens(name, case).items():
            for method, answer in (("get", get), ("post", post)):
                if answer is None:
                    continue
                expected = expected_of(role, rule, address, answer)
                got = outcome(getattr(client, method)(address))
                if got != expected:
                    wrong[name, method, address] = (got, expected)
    assert wrong == {}, "\n".join(map(str, wrong.items()))
    assert (list(Case.objects.order_by("pk").values()), CaseEvent.objects.count()) == before
    assert Submission.objects.count() == len(cases)
    if role not in HANDLERS:
        assert not AccessRecord.objects.exclude(submission=None).exists()


@pytest.mark.parametrize("role", ROLES)
def test_no_other_method_does_more(sign_in, client, cases, role):
    """HEAD is answered like GET; the other methods change nothing for any role."""
    sign_in(role)
    case = cases["request"]
    before = list(Case.objects.order_by("pk").values()), CaseEvent.objects.count()
    for address, (rule, get, _post) in screens("request", case).items():
        assert outcome(client.head(address)) == expected_of(role, rule, address, get)
        for method in ("put", "patch", "delete", "options"):
            got = outcome(getattr(client, method)(address))
            assert got.startswith(("2", "302", "4")), (method, address)
            if role not in (*HANDLERS, OTHER):
                assert got in {"404", "405", refused(role)}, (method, address)
    assert (list(Case.objects.order_by("pk").values()), CaseEvent.objects.count()) == before
    assert Submission.objects.count() == len(cases)


def expected_of(role: str, rule, address: str, answer: str) -> str:
    if rule is None:  # no such address
        return LOGIN if role in (STRANGER, NOBODY) else answer
    if answer == NO_POST:
        return LOGIN if role in (STRANGER, NOBODY) else "405"
    return rule(role, answer)


# What each of these does when it is sent whole, and who may.
WHOLE = {
    "request": {
        "to-acknowledged": {"on": "TODAY", "subject": "A", "body": "B", "send": "1"},
        "note": {"text": "A"},
        "ask": {"subject": "A", "body": "B", "send": "1"},
        "message": {"subject": "A", "body": "B", "send": "1"},
        "extend": {"until": "AFTER ITS LAST DAY", "reason": "A", "subject": "A", "body": "B", "send": "1"},
        "assign": {"handler": ""},
        "spam": {},
    },
    "spam": {"release": {}},
}
"""Sent whole, by whoever may, each leads back to the case."""


@pytest.mark.parametrize("role", ROLES)
def test_every_role_sends_every_kind_of_step_whole(sign_in, client, cases, role, today_is):
    sign_in(role)
    for name, steps in WHOLE.items():
        for step, data in steps.items():
            case = case_like(cases[name])
            address = f"/admin/received/{case.submission.reference}/do/{step}/"
            shown = client.get(address)
            page = shown.context if shown.status_code == 200 else {"stamp": "x", "key": uuid.uuid4().hex}
            before = CaseEvent.objects.count()
            days = {"TODAY": today_is, "AFTER ITS LAST DAY": str((case.due_on or case.received_on) + DAY)}
            data = {field: days.get(value, value) for field, value in data.items()}
            got = outcome(client.post(address, data | {"seen": page["stamp"], "key": page["key"]}))
            now = Case.objects.get(pk=case.pk)
            place = "set-aside" if now.is_quarantined else REGISTERS[FormKind(now.kind)]
            expected = f"302 /admin/{place}/inspect/{case.submission_id}/"
            assert got == of_one(role, expected), (role, step)
            if role not in HANDLERS:
                assert CaseEvent.objects.count() == before, (role, step)


def case_like(case: Case) -> Case:
    """Return another case of the same form, for a step of its own."""
    sent = case.submission
    copy = Submission.objects.create(
        version=sent.version, answers=sent.answers, key=uuid.uuid4(), reference=uuid.uuid4().hex[:8].upper()
    )
    form = sent.version.form
    assert form is not None
    return services.open_case(
        submission=copy,
        received_on=case.received_on,
        regime=form.regime,
        quarantined=case.is_quarantined or is_spam(case),
    )


def is_spam(case: Case) -> bool:
    return Case.objects.get(pk=case.pk).is_quarantined


@pytest.fixture
def today_is() -> str:
    return timezone.localdate().isoformat()


@pytest.mark.parametrize("role", ROLES)
def test_every_role_erases_and_confirms_for_several(sign_in, client, cases, role):
    sign_in(role)
    for name, case in cases.items():
        register, sent = register_of(name), case.submission
        action = "release" if name == "spam" else "mine"
        expected = of_one(role, f"302 /admin/{register}/")
        assert outcome(client.post(f"/admin/{register}/bulk/{action}/", {"row": sent.pk})) == expected
        register = register if name != "spam" or role not in HANDLERS else "other-forms"
        expected = of_one(role, f"302 /admin/{register}/")
        assert outcome(client.post(f"/admin/received/{sent.reference}/erase/")) == expected
        assert Submission.objects.filter(pk=sent.pk).exists() == (role not in HANDLERS)


# --- Lists of everything, and what is set up -----------------------------------------------------------

SNIPPET = "/admin/snippets/forms/"


# What editors may do with what is set up once; administrators may do all of it, and nobody else anything.
EDITORS = {"questionset": ("", "add", "edit", "history", "usage"), "regime": ("",)}


@pytest.mark.parametrize("role", ROLES)
def test_every_role_at_what_is_set_up_once(sign_in, client, cases, role):
    """Administrators set handling groups and regimes, and read the access log. Editors manage question sets."""
    sign_in(role)
    made = {
        "formhandling": FormHandling.objects.first(),
        "messagewording": MessageWording.objects.create(name="A", subject="B", body="C"),
        "questionset": QuestionSet.objects.create(name="A", questions=[]),
        "regime": RegimeFactory(),
    }
    wrong = {}
    for kind, item in made.items():
        base = f"{SNIPPET}{kind}/"
        screens = {
            "": "",
            "add": "add/",
            **{name: f"{name}/{item.pk}/" for name in ("edit", "delete", "history", "usage")},
        }
        for name, screen in screens.items():
            may = role == ADMIN or (role == EDITOR and name in EDITORS.get(kind, ()))
            got, expected = outcome(client.get(base + screen)), "200" if may else refused(role)
            if got != expected:
                wrong["get", kind, screen] = (got, expected)
            if name in ("add", "edit", "delete") and not may:
                got = outcome(client.post(base + screen, {"name": "Taken"}))
                if got != expected:
                    wrong["post", kind, screen] = (got, expected)
    log = "/admin/access-log/"
    for method, answer in (("get", "200"), ("post", "405")):
        expected = answer if role == ADMIN else refused(role)
        got = outcome(getattr(client, method)(log))
        if got != expected:
            wrong[method, log] = (got, expected)
    for kind in FormKind:
        expected = of_all(role, "200")
        got = outcome(client.get(reverse("form_exports", args=[kind])))
        if got != expected:
            wrong["get", kind] = (got, expected)
    assert wrong == {}


RULES = {"name": "By law", "slug": "by-law", "clarification": "pauses", "refusal_reasons-TOTAL_FORMS": "0"}
UNITS = dict.fromkeys([f"{what}_unit" for what in ("acknowledge", "answer", "extension", "review")], "working_days")


@pytest.mark.parametrize("role", ROLES)
def test_every_role_at_the_rules_for_requests(sign_in, client, role):
    """Administrators change them, editors view them, and handlers need no permission to apply them."""
    sign_in(role)
    used = case_of(FormKind.REQUEST).regime
    free, base = RegimeFactory(), f"{SNIPPET}regime/"
    whole = RULES | UNITS | {"refusal_reasons-INITIAL_FORMS": "0"}
    looks = refused(role) if role not in (ADMIN, EDITOR) else "200"
    changes = refused(role) if role != ADMIN else "200"
    done = refused(role) if role != ADMIN else f"302 {base}"
    expected = {
        ("get", base): looks,
        ("get", f"{base}inspect/{free.pk}/"): looks,
        ("get", f"{base}add/"): changes,
        ("get", f"{base}edit/{free.pk}/"): changes,
        ("get", f"{base}delete/{free.pk}/"): changes,
        ("get", f"{base}delete/{used.pk}/"): done,  # something stands on it
        ("post", base): "405" if looks == "200" else looks,
        ("post", f"{base}inspect/{free.pk}/"): "405" if looks == "200" else looks,
        ("post", f"{base}add/"): done,
        ("post", f"{base}edit/{free.pk}/"): done,
        ("post", f"{base}delete/{used.pk}/"): done,
        ("post", f"{base}delete/{free.pk}/"): done,
    }
    got = {}
    for method, address in expected:
        name = {"name": f"By law {len(got)}", "slug": f"by-law-{len(got)}"}
        got[method, address] = outcome(getattr(client, method)(address, whole | name if method == "post" else {}))
    assert got == expected
    left = Regime.objects.filter(pk__in=[used.pk, free.pk]).values_list("pk", flat=True)
    assert set(left) == ({used.pk} if role == ADMIN else {used.pk, free.pk})
    assert Regime.objects.filter(slug__startswith="by-law").exists() == (role == ADMIN)


ENTRY = {"subject": "Lifts", "received_on": "2026-03-02", "answer": "null", "keep": "1"}


@pytest.mark.parametrize("role", ROLES)
def test_every_role_at_what_the_public_reads(sign_in, client, cases, role):
    """An entry is changed by handlers of its form, before and after the request is erased."""
    sign_in(role)
    sent = cases["request"].submission
    facts = {"regime": cases["request"].regime, "received_on": timezone.localdate()}
    kept = arrange(PublicEntry.objects.create, subject="A", form_key=sent.version.form_key, **facts)
    place = f"/admin/information-requests/inspect/{sent.pk}/"
    screens = {
        "/admin/public-log/": (of_all, "200", "405", "405"),
        f"/admin/public-log/inspect/{kept.pk}/": (of_one, f"302 /admin/public-entries/{kept.pk}/", None, None),
        "/admin/public-log/create/": (None, "404", "404", "404"),
        f"/admin/public-log/edit/{kept.pk}/": (None, "404", "404", "404"),
        f"/admin/public-log/delete/{kept.pk}/": (None, "404", "404", "404"),
        reverse("publish_entry", args=[sent.reference]): (of_one, "200", "200", f"302 {place}"),
        reverse("public_entry", args=[kept.pk]): (of_one, "200", "200", "302 /admin/public-log/"),
        reverse("public_entry", args=[kept.pk + 99]): (of_all, "404", "404", "404"),
    } | {
        reverse("publish_entry", args=[case.submission.reference]): (of_one, "404", "404", "404")
        for name, case in cases.items()
        if name != "request"
    }
    wrong = {}
    for address, (rule, get, empty, whole) in screens.items():
        shown = client.get(address)
        seen = {"seen": shown.context["stamp"]} if shown.status_code == 200 and "stamp" in shown.context else {}
        answers = {
            "get": (outcome(shown), get),
            "empty": (outcome(client.post(address)), empty),
            "whole": (outcome(client.post(address, ENTRY | seen)), whole),
        }
        for what, (got, answer) in answers.items():
            if answer is not None and got != (expected := expected_of(role, rule, address, answer)):
                wrong[what, address] = (got, expected)
    assert wrong == {}
    assert PublicEntry.objects.filter(subject="Lifts").count() == (2 if role in HANDLERS else 0)


@pytest.mark.parametrize(
    ("role", "may"),
    [(NOBODY, False), (EDITOR, False), (CASEWORKER, True), (OTHER, False), (CHAIR, False), (ADMIN, True)],
)
def test_the_rule_itself_says_the_same_of_one_and_of_a_form(sign_in, cases, role, may):
    user = sign_in(role)
    sent = cases["request"].submission
    assert user_can_handle(user, sent) == may
    assert user_can_handle_form(user, sent.version.form_key) == may
    user.is_active = False
    assert not user_can_handle(user, sent)
    assert not user_can_handle_form(user, sent.version.form_key)


def test_deleting_the_groups_of_a_form_opens_it_to_nobody(sign_in, cases):
    user, sent = sign_in(CASEWORKER), cases["request"].submission
    assert user_can_handle(user, sent)
    handling = FormHandling.objects.get(form_key=sent.version.form_key)
    handling.groups.clear()
    assert not user_can_handle(user, sent)
    # Without a row, everybody who handles what people send handles it.
    handling.delete()
    assert user_can_handle(sign_in(OTHER), sent)


def test_a_deleted_form_stays_kept_to_its_group(sign_in, client, cases):
    sent = cases["request"].submission
    FormPage.objects.get(pk=sent.version.form_id).delete()
    for role, status in ((CASEWORKER, 200), (OTHER, 404)):
        sign_in(role)
        assert client.get(f"/admin/information-requests/inspect/{sent.pk}/").status_code == status


def test_editing_a_forms_words_gives_no_right_to_its_answers(sign_in, client, cases):
    sign_in(EDITOR)
    page = cases["request"].submission.version.form
    assert client.get(f"/admin/pages/{page.pk}/edit/").status_code == 200
    for words in (b"ada@example.org", b"Byron"):
        for address in (
            f"/admin/pages/{page.pk}/edit/",
            f"/admin/pages/{page.pk}/history/",
            "/admin/",
            "/admin/reports/site-history/",
        ):
            assert words not in client.get(address).content


def test_every_state_has_a_step_that_the_table_above_walks():
    assert {f"to-{state}" for kind in FormKind for state in states_of(kind)} - {f"to-{state}" for state in MOVES} == {
        f"to-{CaseState.RECEIVED}"
    }
