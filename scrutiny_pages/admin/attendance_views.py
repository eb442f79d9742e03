"""Staff views that record the attendance of a meeting, and the completion of a regular duty."""

from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from wagtail.admin import messages

from cms.core.dates.formatting import format_date
from cms.core.editing.day_field import DayField
from cms.core.editing.stale_edits import RefusesStaleValues

from .. import services
from ..enums import SEATED, AttendanceState, MemberStanding
from ..models import Meeting, Membership, RegularDuty
from ..services import members as member_services
from ..services.permissions import user_can_manage_members, user_can_mark_duty
from .base_views import RecordView


class AttendanceForm(forms.Form):
    """A form with one choice for each expected member: present, absent with a good reason, or absent."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any):
        super().__init__(*args, **kwargs)
        known = dict(meeting.attendances.values_list("membership_id", "state"))
        votes = dict(meeting.attendances.values_list("membership_id", "votes"))
        for row in services.expected_at(meeting):
            name = f"member_{row.pk}"
            self.fields[name] = forms.ChoiceField(
                label=row.name,
                choices=AttendanceState,
                widget=forms.RadioSelect,
                initial=known.get(row.pk),
                help_text=self._beside(row, votes.get(row.pk)),
                error_messages={"required": f"Say whether {row.name} came."},
            )

    def add_undo_field(self) -> None:
        """Add the checkbox that confirms the undoing of the meeting's decisions; the form is then shown again."""
        self.fields["undo"] = forms.BooleanField(label="Too few took part, so take back what was decided there")
        self.order_fields(["undo"])

    def _beside(self, row: Membership, had_vote: bool | None) -> str:
        has_vote = services.has_vote(row) if had_vote is None else had_vote
        role = "Joining" if row.standing == MemberStanding.JOINING else row.get_role_display()
        return role if has_vote else f"{role}, no vote"


class AttendanceView(RefusesStaleValues, RecordView):
    """A view that records the attendance of one meeting."""

    form_class = AttendanceForm
    template_name = "scrutiny_pages/admin/record_attendance.html"
    page_title = "Record who came"
    header_icon = "group"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Raise `PermissionDenied`, for any method, unless the user manages the members' register."""
        if not user_can_manage_members(request.user):
            raise PermissionDenied
        self.object = self.get_object()
        return super().dispatch(request, *args, **kwargs)

    def get_object(self) -> Meeting:
        """Return the meeting, read from the database."""
        return get_object_or_404(Meeting.objects.select_related("panel"), pk=self.kwargs["pk"])

    def get_breadcrumbs_items(self) -> list[dict]:
        """Return the breadcrumbs: the list of meetings, then this page."""
        listing = {"url": reverse("wagtailsnippets_scrutiny_pages_meeting:list"), "label": "Meetings"}
        return [*self.breadcrumbs_items, listing, {"url": "", "label": self.page_title, "sublabel": str(self.object)}]

    def get_form_kwargs(self) -> dict:
        """Return the form's arguments, with the meeting."""
        return super().get_form_kwargs() | {"meeting": self.object}

    def get_context_data(self, **kwargs: Any) -> dict:
        """Add the attendance recorded so far, and whether the meeting has begun."""
        came = self.object.turnout
        held = self.object.starts_at <= timezone.now()
        return super().get_context_data(**kwargs) | {
            "now": came.sentence if came else "",
            "held": held,
        }

    def form_valid(self, form: Any) -> HttpResponse:
        """Record the attendance; if decisions would then lack a quorum, show the form again with a confirmation."""
        response = super().form_valid(form)
        if form.has_error(NON_FIELD_ERRORS, services.DecisionsDepend.code):
            form.add_undo_field()
        return response

    def record(self, form: Any) -> None:
        """Record the attendance, and show a warning if more members came than the rules expect."""
        members = {f"member_{row.pk}": row for row in services.expected_at(self.object)}
        warning = services.record_attendance(
            meeting=self.object,
            at=timezone.now(),
            undo=self.request.POST.get("undo") == "on",
            by=self.request.user,
            states={
                members[name]: AttendanceState(state) for name, state in form.cleaned_data.items() if name in members
            },
        )
        if warning:
            messages.warning(self.request, warning)


class DutyDoneForm(forms.Form):
    """A form for the completion of a duty: its day, the member it concerned, and a note."""

    fields: dict[str, Any]
    membership = forms.ModelChoiceField(label="With", queryset=Membership.objects.none())
    done_on = DayField(label="Done on")
    note = forms.CharField(
        label="A note, if there is something to say",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, duty: RegularDuty, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["done_on"].initial = timezone.localdate()
        if not duty.for_each_member:
            del self.fields["membership"]
            return
        members = Membership.objects.filter(standing__in=SEATED, review=None).select_related("person", "panel")
        if duty.panel_id:
            members = members.filter(panel_id=duty.panel_id)
        self.fields["membership"].queryset = members.order_by("person__name")
        self.fields["membership"].label_from_instance = lambda row: (
            row.name if duty.panel_id else f"{row.name}, {row.panel}"
        )


class DutyDoneView(RecordView):
    """A view that records the completion of a regular duty."""

    form_class = DutyDoneForm
    page_title = "Mark as done"
    header_icon = "repeat"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Raise `PermissionDenied`, for any method, unless the user may complete this duty."""
        self.object = get_object_or_404(RegularDuty, pk=kwargs["pk"])
        if not user_can_mark_duty(request.user, self.object):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict]:
        """Return the breadcrumbs: the list of duties, then this page."""
        listing = {"url": reverse("wagtailsnippets_scrutiny_pages_regularduty:list"), "label": "Regular duties"}
        return [*self.breadcrumbs_items, listing, {"url": "", "label": self.page_title, "sublabel": str(self.object)}]

    def get_form_kwargs(self) -> dict:
        """Return the form's arguments, with the duty."""
        return super().get_form_kwargs() | {"duty": self.object}

    def get_initial(self) -> dict:
        """Preselect the member in the `member` query parameter, which links from to-dos carry."""
        asked = self.request.GET.get("member", "")
        return {"membership": int(asked)} if asked.isascii() and asked.isdigit() and len(asked) < 19 else {}

    def get_context_data(self, **kwargs: Any) -> dict:
        """Add the duty's frequency, and its last ten completions as a timeline."""
        times = self.object.times.select_related("membership__person")[:10]
        timeline = [
            {
                "date_words": format_date(done.done_on),
                "title": done.membership.name if done.membership else "Done",
                "text": done.note,
            }
            for done in times
        ]
        return super().get_context_data(**kwargs) | {"now": self.object.how_often, "timeline": timeline}

    def record(self, form: Any) -> None:
        """Record the completion."""
        member_services.mark_done(duty=self.object, by=self.request.user, **form.cleaned_data)
