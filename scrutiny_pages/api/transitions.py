"""The endpoint of the steps of a recommendation, for signed-in staff; it uses the form of the staff view."""

from functools import cached_property
from typing import Any, cast

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.decorators import method_decorator
from django.views.decorators.cache import cache_control
from drf_spectacular.utils import extend_schema
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from cms.core.api.base import ERRORS_OF_ONE, ApiError, PlainJSONParser
from cms.core.visibility import Viewer

from ..enums import Step
from ..forms.recommendation_forms import StepForm
from ..models import Recommendation
from ..rules.transitions import open_steps, refusal
from ..services import current_state, steps_before
from ..services.permissions import user_can_apply_step, user_can_record_step
from .serializers.steps import OpenStepsSerializer, StepSerializer, StepTakenSerializer
from .viewsets import ONE, RecommendationViewSet

NOT_YOURS = "This is for the involvement team."


@method_decorator(cache_control(private=True, no_store=True), name="dispatch")
class StepViewSet(RecommendationViewSet):
    """The steps of one recommendation, for signed-in staff: listed and applied by the form of the staff view."""

    authentication_classes = [SessionAuthentication]
    parser_classes = [PlainJSONParser]
    http_method_names = ["get", "head", "post"]

    @cached_property
    def viewer(self) -> Viewer:
        """Return an anonymous viewer: staff see through the API what the public sees, and no more."""
        return Viewer.anonymous()

    def check_permissions(self, request: Request) -> None:
        """Raise `PermissionDenied` for an anonymous user, whatever the object."""
        if not request.user.is_authenticated:
            raise PermissionDenied("Sign in first.")

    def get_object(self) -> Recommendation:
        """Return the recommendation of a reference; raise `PermissionDenied` unless the user may record steps of it."""
        found = super().get_object()
        if not user_can_record_step(self.request.user, found):
            raise PermissionDenied(NOT_YOURS)
        return found

    @extend_schema(
        operation_id="recommendation_steps",
        tags=["Steps"],
        summary="The steps that may be taken now",
        description="For staff who are signed in.",
        parameters=ONE,
        responses={200: OpenStepsSerializer, 403: ApiError} | ERRORS_OF_ONE,
    )
    def steps(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return the steps that are open now, and the fields of each."""
        item = self.get_object()
        earlier = steps_before(item.tracking)
        available = [
            {
                "step": step.value,
                "label": step.label,
                "earlier": step in earlier,
                "fields": StepForm.describe(item, step, request.user),
            }
            for step in [*open_steps(**current_state(item.tracking)), *earlier]
            if user_can_apply_step(request.user, item, step)
        ]
        status = item.tracking.status(self.viewer.today).words
        return Response({"ref": item.ref, "status": status, "steps": available})

    @extend_schema(
        operation_id="recommendation_take_step",
        tags=["Steps"],
        summary="Take a step",
        description="For staff who are signed in, with Django’s token against forged forms in the header X-CSRFToken.",
        parameters=ONE,
        request=StepSerializer,
        responses={201: StepTakenSerializer, 403: ApiError, 409: ApiError, 415: ApiError} | ERRORS_OF_ONE,
    )
    def apply(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Apply a step: 400 for an invalid body, 409 for what the rules do not allow."""
        item: Any = self.get_object()
        given: Any = request.data
        if problems := body_errors(given):
            return error_response(400, "Some of this could not be read.", problems)
        step = next((step for step in Step if step == given.get("step")), None)
        if step is None:
            return error_response(400, "Choose what happened.", {"step": ["Choose what happened."]})
        if not user_can_apply_step(request.user, item, step):
            raise PermissionDenied(NOT_YOURS)
        reason = refusal(step, **current_state(item.tracking))
        if reason and step not in steps_before(item.tracking):
            return error_response(409, reason)
        form = StepForm(to_form_data(given), recommendation=item, step=step, user=request.user)
        if not form.is_valid():
            errors = {name: [str(words) for words in found] for name, found in form.errors.items()}
            return error_response(400, "Some of this is missing or wrong.", errors)
        last = item.tracking.events.aggregate(last=Max("pk"))["last"] or 0
        try:
            form.apply(by=request.user)
        except ValidationError as no:
            return error_response(409, " ".join(no.messages))
        item = super().get_object()
        item.added = item.tracking.events.filter(pk__gt=last, recorded_by=cast("User", request.user))
        item.added = item.added.select_related("meeting", "correction")
        return Response(StepTakenSerializer(item, context=self.get_serializer_context()).data, status=201)


def error_response(status: int, message: str, errors: dict[str, list[str]] | None = None) -> Response:
    """Return an error in the shape of every error of the API."""
    return Response({"message": message} | ({"errors": errors} if errors else {}), status=status)


def body_errors(given: object) -> dict[str, list[str]]:
    """Return errors by field for what no form could have sent."""
    if not isinstance(given, dict):
        return {"step": ["Send one JSON object, with a value for each field."]}
    known = StepForm.base_fields
    unknown = [f"There is no such field. There are: {', '.join(known)}."]
    problems = {name: unknown for name in given if name not in known}
    nested = ["Send one value: text, a number, true or false."]
    several = [name for name in given if isinstance(known.get(name), forms.ModelMultipleChoiceField)]
    for name in given:
        values = given[name] if name in several and isinstance(given[name], list) else [given[name]]
        if any(isinstance(value, list | dict) for value in values):
            problems[name] = nested
    return problems


def to_form_data(given: dict) -> dict[str, str | list[str]]:
    """Return the values as text, or lists of text, without null values."""
    return {
        name: [str(each) for each in value] if isinstance(value, list) else str(value)
        for name, value in given.items()
        if value is not None
    }
