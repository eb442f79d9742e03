"""The staff view of a review's team: its members, withdrawals and tasks (G 3)."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from ..enums import SEATED, Followed
from ..models import Interest, Membership, ReviewPage
from ..services.permissions import user_can_manage_members


class ReviewTeamView(WagtailAdminTemplateMixin, TemplateView):
    """A view of the team of one review: its own, or the panel's members if it has none."""

    template_name = "scrutiny_pages/admin/review_team.html"
    page_title = "Team and tasks"
    header_icon = "group"
    _show_breadcrumbs = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Raise `PermissionDenied` unless the user manages the members' register."""
        if not user_can_manage_members(request.user):
            raise PermissionDenied
        self.object = get_object_or_404(ReviewPage, pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        """Return the review's title."""
        return self.object.title

    def get_breadcrumbs_items(self) -> list[dict]:
        """Return the breadcrumbs: the review, then this page."""
        review = {"url": reverse("wagtailadmin_pages:edit", args=[self.object.pk]), "label": self.object.title}
        return [*self.breadcrumbs_items, review, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict:
        """Add each member with their tasks, and whether they withdrew."""
        review = self.object
        seated = Membership.objects.filter(standing__in=SEATED).select_related("person").order_by("person__name")
        members = list(seated.filter(review=review)) or list(seated.filter(panel_id=review.panel_id, review=None))
        withdrew = set(
            Interest.objects.filter(review=review, followed=Followed.WITHDREW).values_list(
                "membership__person_id", flat=True
            )
        )
        tasks = list(review.tasks.select_related("member"))
        team = [
            {
                "member": member,
                "withdrew": member.person_id in withdrew,
                "tasks": [task for task in tasks if task.member_id == member.pk],
            }
            for member in members
        ]
        return super().get_context_data(**kwargs) | {"team": team}
