"""API endpoints of forms: their questions, sending one, and the status of a submission.

The API uses the validation and the service of the page.
"""

import re
import uuid
from http import HTTPStatus
from typing import Any, cast

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.exceptions import APIException, ParseError
from rest_framework.request import Request
from rest_framework.response import Response

from cms.core.api.base import (
    ERRORS,
    ERRORS_OF_ONE,
    ApiError,
    PlainJSONParser,
    PlainMultiPartParser,
    PublicEndpoint,
    PublicViewSet,
    documented,
    raise_not_found,
)
from cms.core.text.excerpts import plain_paragraphs
from cms.core.visibility import visible_to

from ..answers.duplicates import differs
from ..answers.emails import in_full
from ..answers.forms import AnswersForm, questions_in
from ..answers.throttling import HOUR, count_of, throttle_message
from ..answers.uploads import UploadNotStored, keep_upload
from ..cases.public_status import progress_of
from ..enums import Channel
from ..models import FormPage, FormVersion, Submission
from ..questions import Eligibility
from ..rules.file_types import UploadRefused
from ..submission.services import KeyInUse, Outcome, already_sent, receive
from ..submission.views import displayed_version, numbered_version, stored_version
from .json_schema import InvalidAnswers, form_data_from_answers
from .serializers import (
    ChosenFileSerializer,
    FormInBriefSerializer,
    FormSerializer,
    KeptFileSerializer,
    ProgressSerializer,
    RefusedSerializer,
    SubmissionSerializer,
    TakenSerializer,
)

KEY = re.compile(r'"?([0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12})"?', re.IGNORECASE)
NO_KEY = "Send the header Idempotency-Key with a new random UUID; if in doubt whether it arrived, the same one again."
SENT_OTHERWISE = "This key was used for something else. Send this with a new one."
TAG = "Forms"
ERROR_RESPONSES = {
    409: OpenApiResponse(ApiError, "The form is closed, or the key was used for something else. The message says it."),
    415: ApiError,
    422: RefusedSerializer,
    429: ApiError,
}


class LongJSONParser(PlainJSONParser):
    """A JSON parser with a limit high enough for every answer of a long form."""

    largest = 1_000_000  # bytes


class Refused(APIException):
    """An API error with a status code and a message for the person."""

    def __init__(self, status: int, message: str, **more: Any):
        self.status_code, self.detail = status, {"message": message} | more


@documented(TAG, "Forms that anybody can fill in", brief=FormInBriefSerializer, full=FormSerializer)
class FormViewSet(PublicViewSet):
    """Forms for anyone; those for members or for staff are left out."""

    queryset = FormPage.objects.none()
    serializer_class: Any = FormInBriefSerializer
    full_serializer_class = FormSerializer
    lookup_field = "pk"

    def get_queryset(self) -> QuerySet:
        """Return the public forms, by title, without those that only have equality questions."""
        public = visible_to(self.viewer, FormPage.objects.filter(alias_of=None))
        return public.exclude(sections=[]).order_by("title", "pk")

    def get_serializer_context(self) -> dict:
        """Add the current version to the context of a single form."""
        context = cast("dict[str, Any]", super().get_serializer_context())
        if self.action == "retrieve":
            context["version"] = displayed_version(self.get_object())
        return context


class NoStoreEndpoint(PublicEndpoint):
    """An endpoint whose responses are private."""

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        """Return the response with headers that forbid storing it, and ``Retry-After`` where it applies."""
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        if response.status_code in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
            response["Retry-After"] = str(HOUR)
        return response


class SubmissionEndpoint(NoStoreEndpoint, FormViewSet):
    """A base endpoint that accepts something for one open form."""

    http_method_names = ["post"]

    def must_be_open(self, form: FormPage) -> None:
        """Check that the form is open.

        :raises Refused: with 409 and the reason, if it is closed.
        """
        if closed := form.closed_words(self.viewer.today):
            raise Refused(409, closed)


class SubmissionsViewSet(SubmissionEndpoint):
    """The endpoint for sending a form."""

    serializer_class = SubmissionSerializer
    parser_classes = [LongJSONParser]

    @extend_schema(
        operation_id="forms_send",
        tags=[TAG],
        summary="Send a form",
        parameters=[OpenApiParameter("Idempotency-Key", uuid.UUID, "header", required=True, description=NO_KEY)],
        request=SubmissionSerializer,
        responses={201: TakenSerializer, 200: OpenApiResponse(TakenSerializer, "It was sent before with this key.")}
        | ERROR_RESPONSES
        | ERRORS_OF_ONE,
    )
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Store a form once, however often it is sent with the same key: 201, and 200 each time after."""
        # Before anything else: the answer to the first may have been lost, and the form closed or hidden since.
        key = _key_in(request)
        sent = self._already(key) if key else None
        form = None if sent else self.get_object()
        if key is None:
            raise ParseError(NO_KEY)
        answers, number = _body_of(request.data)
        if sent:
            return self._repeated(sent, answers)
        form = cast("FormPage", form)
        self.must_be_open(form)
        version = numbered_version(form, number) if number else stored_version(form)
        if version is None:
            raise ParseError("The form has no such version.")
        try:
            data = form_data_from_answers(version.definition, answers)
        except InvalidAnswers as no:
            raise Refused(422, "Some of this could not be read.", errors=no.problems) from None
        given = AnswersForm(version.definition, data, MultiValueDict(), version=version)
        try:
            receipt = receive(form=given, key=key, request=request._request, channel=Channel.API)
        except KeyInUse:
            raise Refused(409, SENT_OTHERWISE) from None
        match receipt.outcome:
            case Outcome.STORED:
                return self._receipt(cast("Submission", receipt.sent), 201)
            case Outcome.SENT_BEFORE:
                return self._repeated(cast("Submission", receipt.sent), answers)
            case Outcome.THROTTLED:
                raise Refused(429, throttle_message(request._request))
            case Outcome.RULED_OUT:
                raise _ruled_out(cast("Eligibility", receipt.ruled_out_by))
            case _:
                raise _invalid(given)

    def _already(self, key: uuid.UUID) -> Submission | None:
        """Return the submission of this form with the key, if there is one.

        :raises Refused: with 409, if the key was used for another form.
        """
        try:
            return already_sent(key=key, form_id=int(self.kwargs["pk"]))
        except KeyInUse:
            raise Refused(409, SENT_OTHERWISE) from None

    def _repeated(self, sent: Submission, answers: dict) -> Response:
        try:
            is_other = differs(sent, form_data_from_answers(sent.version.definition, answers), MultiValueDict())
        except InvalidAnswers:
            is_other = True
        if is_other:
            raise Refused(409, SENT_OTHERWISE)
        return self._receipt(sent, 200)

    def _receipt(self, sent: Submission, status: int) -> Response:
        status_url = in_full(sent.version.form, reverse("submission_api", args=[sent.token]))
        progress = {
            "reference": sent.reference,
            "sent_at": sent.submitted_at,
            "what_happens_next": sent.version.definition.get("next", ""),
            "status_url": status_url,
            "url": in_full(sent.version.form, reverse("form_received", args=[sent.token])),
        }
        data = TakenSerializer(progress, context=self.get_serializer_context()).data
        return Response(data, status=status, headers={"Location": status_url})


def _key_in(request: Request) -> uuid.UUID | None:
    match = KEY.fullmatch(request.headers.get("Idempotency-Key", "").strip())
    return uuid.UUID(match[1]) if match else None


def _body_of(body: object) -> tuple[dict, int | None]:
    """Return the answers and the version number of a request body.

    :raises ParseError: if the body is malformed.
    """
    if not isinstance(body, dict) or not isinstance(body.get("answers"), dict):
        raise ParseError('Send one JSON object such as {"answers": {"the id of a question": "an answer"}}.')
    if unknown := sorted(set(body) - {"answers", "version"}):
        raise ParseError(f"Unknown name: {', '.join(unknown)[:200]}. Known: answers, version.")
    number = body.get("version")
    if number is not None and not (type(number) is int and 0 < number < 10**6):
        raise ParseError("version must be the number of a version, as the form tells it.")
    return body["answers"], number


def _ruled_out(question: Eligibility) -> Refused:
    words, route = plain_paragraphs(question.words), question.route
    more = {"route": {"label": route.label, "url": route.page.full_url}} if route else {}
    return Refused(422, words, errors={question.id: [words]}, ruled_out_by=question.id, **more)


def _invalid(given: AnswersForm) -> Refused:
    errors = {
        question.id: [str(words) for name in question.fields() for words in given.errors.get(name, [])]
        for question in given.questions
    }
    wrong = {question_id: words for question_id, words in errors.items() if words}
    return Refused(422, "Some of this is missing or wrong.", errors=wrong)


def _takes_files(version: FormVersion, question_id: object) -> bool:
    return any(question.id == question_id for question in questions_in(version.definition) if question.takes_files)


class FilesViewSet(SubmissionEndpoint):
    """The endpoint for uploading files, before the form that they belong to is sent."""

    serializer_class = ChosenFileSerializer
    parser_classes = [PlainMultiPartParser]

    @extend_schema(
        operation_id="forms_file",
        tags=[TAG],
        summary="Send a file for a form",
        description="First each file, then the form. A file whose form is not sent is erased after a month.",
        request={"multipart/form-data": ChosenFileSerializer},
        responses={201: KeptFileSerializer, 503: OpenApiResponse(ApiError, "We have no room for it just now.")}
        | ERROR_RESPONSES
        | ERRORS_OF_ONE,
    )
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Store a file, if its type is accepted."""
        form = self.get_object()
        self.must_be_open(form)
        data = cast("dict[str, Any]", request.data)  # the multipart parser returns no list
        question_id, file = cast("str", data.get("question")), request.FILES.get("file")
        # The form may have changed since the person was asked: the version that they saw comes with the answers.
        versions = (stored_version(form), *form.versions.order_by("-number"))
        version = next((version for version in versions if _takes_files(version, question_id)), None)
        if version is None:
            raise Refused(422, "Choose the question.", errors={"question": ["This question takes no file."]})
        if file is None:
            raise Refused(422, "Choose a file.", errors={"file": ["Send the file."]})
        if count_of(request, "file") > settings.UPLOAD_RATE_LIMIT:
            raise Refused(429, throttle_message(request._request))
        try:
            kept = keep_upload(version=version, question_id=question_id, file=file)
        except UploadNotStored as no:
            raise Refused(503, str(no), errors={"file": [str(no)]}) from None
        except UploadRefused as no:
            raise Refused(422, str(no), errors={"file": [str(no)]}) from None
        return Response({"token": kept.token.hex, "name": kept.name, "size": kept.size}, status=201)


class SubmissionViewSet(NoStoreEndpoint):
    """The status of a submission, for whoever has the secret token in its URL."""

    serializer_class = ProgressSerializer
    pagination_class = None

    @extend_schema(
        operation_id="submissions_retrieve",
        tags=[TAG],
        summary="Where something that was sent has got to",
        responses={200: ProgressSerializer} | ERRORS | {404: ApiError},
    )
    def retrieve(self, request: Request, token: uuid.UUID) -> Response:
        """Return the status, as on the person's own page."""
        rows = Submission.objects.select_related("version__form", "case").defer("answers")
        sent = rows.filter(token=token).first()
        if sent is None:
            raise_not_found()
        progress = progress_of(sent)
        data = ProgressSerializer(
            {
                "reference": sent.reference,
                "form": sent.version.form_title,
                "sent_at": sent.submitted_at,
                "dates": progress.pop("sentences"),
                "outside_body": progress.pop("outside") or None,
                **progress,
            }
        ).data
        return Response(data)
