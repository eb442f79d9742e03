"""A resident's way through a form: asked, asked again with what is wrong, sent, and sent once.

A form with one section is one page, which is sent as it is. One with several is asked as ``sections.py`` says; sent all
at once, as another website may, it is taken as well.
"""

import re
import time
import uuid

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils.datastructures import MultiValueDict

from cms.core.dates import say_months
from cms.core.visibility import Viewer

from . import later, sections
from .answers import AnswersForm, questions_in
from .limits import count_of, too_many_words
from .models import FormPage, FormVersion
from .preview import preview
from .questions import File
from .responses import confirmed, hex_of, show, unkept
from .sent_again import differs
from .spam import BAIT, looks_like_spam
from .submissions import KeyInUse, already_sent, submit
from .uploads import uploads_in
from .versions import current_version, ensure_version

__all__ = [
    "ask",
    "displayed_version",
    "key_in",
    "numbered_version",
    "preview",
    "send",
    "stored_version",
    "unkept",
    "version_shown",
]

KEY = re.compile(r"[0-9a-f]{32}")
NUMBER = re.compile(r"[0-9]{1,9}")
SEND_AGAIN = "We could not tell whether you have sent this form before. Check your answers and send it again."
opened = Signer(salt="forms.opened")


def ask(page: FormPage, request: HttpRequest) -> HttpResponse:
    """Show the form or where somebody is in it, or why it cannot be sent today."""
    if not page.is_open(Viewer.of(request).today):
        return _closed(page, request, status=200)
    version = displayed_version(page)
    if sections.is_somewhere_in(request):
        return _ask_somewhere(page, request, version)
    if sections.has_sections(version.definition):
        return sections.show_start(page, request, version)
    return _form(page, request, version, _form_of(version, QueryDict()), as_typed=True)


def _ask_somewhere(page: FormPage, request: HttpRequest, version: FormVersion) -> HttpResponse:
    where = request.GET.get("page", "")
    if where == "begin":
        return sections.show_begin(page, request, version)
    if where == "check":
        return sections.show_check(page, request)
    if where in ("save", "saved"):
        return later.show_save(page, request, is_done=where == "saved")
    return sections.show_section(page, request, version)


def send(page: FormPage, request: HttpRequest) -> HttpResponse:
    """Take what was sent: 303 to what comes next, or the same again with what is wrong and every answer kept.

    A form with something wrong is answered with 422: the page is for the person, the number for the
    machines between us, which must not keep or count it as a success.
    """
    key = key_in(request.POST)
    try:
        sent = already_sent(key=key, form_id=page.pk) if key else None
    except KeyInUse:
        key, sent = None, None
    if sent:
        # Before anything else, since a second click may arrive after the form closed or changed.
        return confirmed(
            sent, changed=not sections.is_somewhere_in(request) and differs(sent, request.POST, request.FILES)
        )
    if not page.is_open(Viewer.of(request).today):
        return _closed(page, request, status=409)
    version = version_shown(page, request.POST)
    if not sections.is_somewhere_in(request):
        return _send_whole(page, request, version, key)
    where = request.GET.get("page", "")
    if where == "check":
        return sections.take_check(page, request)
    if where == "save":
        return later.take_save(page, request)
    return sections.take_section(page, request, version)


def _send_whole(page: FormPage, request: HttpRequest, version: FormVersion, key: uuid.UUID | None) -> HttpResponse:
    form = AnswersForm(version.definition, request.POST, request.FILES, version=version, request=request)
    if "change" in request.POST:
        return _form(page, request, version, form, key=key, as_typed=True)
    ruled_out_by = form.ruled_out_by()
    if ruled_out_by:
        context = {"ruled_out_by": ruled_out_by, "typed": form.typed(), "key": hex_of(key), "version": version.number}
        return show(page, request, "forms/ruled_out.html", context)
    form.keep_files()
    if not form.is_valid():
        if sent := key and already_sent(key=key, form_id=page.pk):
            return confirmed(sent)  # the first click was taken meanwhile, and the files with it
        return _form(page, request, version, form, key=key, status=429 if form.has_too_many_files else 422)
    if key is None:
        return _form(page, request, version, form, problem=SEND_AGAIN, status=422)
    if count_of(request, "send") > settings.FORMS_AN_HOUR:
        problem = too_many_words(request)
        return _form(page, request, version, form, key=key, problem=problem, status=429)
    answers = form.answers()
    spam = looks_like_spam(answers, bait=request.POST.get(BAIT, ""), seconds=_seconds_since(request.POST))
    files = [upload.token for upload in uploads_in(version=version, answers=answers)]
    sent = submit(version=version, answers=answers, key=key, uploads=files, quarantined=spam)
    # Of two at once the later finds what the other sent.
    return confirmed(sent, changed=not sent.is_new and differs(sent, request.POST, request.FILES))


def displayed_version(page: FormPage) -> FormVersion:
    """Return what is asked now, to be shown; it may not be stored. Raise `Http404` if the form is not published."""
    version = current_version(page)
    if version is None:  # unpublished since the address was looked up
        raise Http404("This form is not published")
    return version


def stored_version(page: FormPage) -> FormVersion:
    """Return what is asked now, stored, so that answers can be filed under it. Raise `Http404` like its neighbour."""
    version = ensure_version(page)
    if version is None:
        raise Http404("This form is not published")
    return version


def numbered_version(page: FormPage, number: str | int) -> FormVersion | None:
    """Return the stored version that somebody was shown, by its number; None if there is no such version."""
    current = stored_version(page)
    return current if int(number) == current.number else page.versions.filter(number=int(number)).first()


def version_shown(page: FormPage, data: QueryDict) -> FormVersion:
    """Return the version that the person was shown: they answered its questions, whatever is asked now."""
    number = data.get("version", "")
    return (numbered_version(page, number) if NUMBER.fullmatch(number) else None) or stored_version(page)


def key_in(data: QueryDict) -> uuid.UUID | None:
    """Give the key that a form came with, if it is one."""
    text = data.get("key", "")
    return uuid.UUID(text) if KEY.fullmatch(text) else None


def _closed(page: FormPage, request: HttpRequest, *, status: int) -> HttpResponse:
    context = {"closed": page.closed_words(Viewer.of(request).today), "typed": _typed(page, request)}
    return show(page, request, "forms/form_page.html", context, status=status)


def _typed(page: FormPage, request: HttpRequest) -> list[tuple[str, str]]:
    """Give what somebody wrote into a form that closed meanwhile, as pairs of question and words, for them to copy."""
    begun = sections.begun_by(page, request)
    if not begun and not request.POST:
        return []
    version = begun.version if begun else version_shown(page, request.POST)
    typed = begun.typed if begun else {}
    typed = typed | dict(request.POST.lists())
    rows = [
        (question.label, "\n".join(question.say(words) for name in question.fields() for words in typed.get(name, [])))
        for question in questions_in(version.definition)
        if question.is_answered and not isinstance(question, File)
    ]
    return [(label, words) for label, words in rows if words.strip()]


def _form_of(version: FormVersion, data: QueryDict, files: MultiValueDict | None = None) -> AnswersForm:
    return AnswersForm(version.definition, data, files, version=version)


def _seconds_since(data: QueryDict) -> float | None:
    """Say how long ago the page was opened that this was sent from; none when it does not say so itself."""
    try:
        return time.time() - int(opened.unsign(data.get("opened", "")))
    except (BadSignature, ValueError):
        return None


def _form(
    page: FormPage,
    request: HttpRequest,
    version: FormVersion,
    form: AnswersForm,
    *,
    key: uuid.UUID | None = None,
    problem: str = "",
    as_typed: bool = False,
    status: int = 200,
) -> HttpResponse:
    """Ask, with what was typed and what is wrong; ``as_typed`` keeps the answers but judges nothing yet."""
    if as_typed:
        form.set_aside_problems()
    problems = form.problems()
    context = {
        "form": form,
        "problems": [("send", problem), *problems] if problem else problems,
        "key": hex_of(key),
        "version": version.number,
        "bait": BAIT,
        "opened": opened.sign(str(int(time.time()))),
        "kept_for": say_months(version.keep_months),
    }
    return show(page, request, "forms/form_page.html", context, status=status)
