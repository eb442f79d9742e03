"""The staff view of the selection matrix: the score of each topic for each criterion (G 1)."""

import dataclasses
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from cms.core.editing.stale_edits import RefusesStaleValues

from ..models import SelectionCriterion, Topic, WorkProgramme
from ..models.programme import HIGHEST_SCORE
from ..services import choose_topic, score_topics
from ..services.exceptions import TransitionNotAllowed


@dataclasses.dataclass(frozen=True)
class Row:
    """A topic of the matrix, with its fields and its total."""

    topic: Topic
    fields: list
    total: int


class ScoresForm(forms.Form):
    """A form with one number for each topic and criterion; empty for no score."""

    def __init__(self, *args: Any, programme: WorkProgramme, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.topics = list(programme.topics.all())
        self.criteria = list(programme.criteria.all())
        known = {(score.topic_id, score.criterion_id): score.score for score in programme.scores()}
        for topic in self.topics:
            for criterion in self.criteria:
                self.fields[self.name(topic, criterion)] = forms.IntegerField(
                    label=f"{topic}: {criterion}",
                    required=False,
                    min_value=0,
                    max_value=HIGHEST_SCORE,
                    initial=known.get((topic.pk, criterion.pk)),
                    widget=forms.NumberInput(attrs={"aria-label": f"{topic}: {criterion}"}),
                )

    @staticmethod
    def name(topic: Topic, criterion: SelectionCriterion) -> str:
        """Return the name of the field of a topic and a criterion."""
        return f"score-{topic.pk}-{criterion.pk}"

    def scores(self) -> dict:
        """Return the entered scores, as a dict keyed by topic and criterion."""
        return {
            (topic, criterion): self.cleaned_data[self.name(topic, criterion)]
            for topic in self.topics
            for criterion in self.criteria
        }


class ScoreTopicsView(RefusesStaleValues, WagtailAdminTemplateMixin, FormView):
    """A view that scores and ranks the topics of one work programme, and makes a review of a chosen one."""

    template_name = "scrutiny_pages/admin/scores.html"
    page_title = "Score topics"
    header_icon = "list-ol"
    form_class = ScoresForm
    _show_breadcrumbs = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Raise `PermissionDenied` unless the user may change the programme."""
        self.object = self.get_object()
        if not request.user.has_perm("scrutiny_pages.change_workprogramme"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_object(self) -> WorkProgramme:
        """Return the programme, read from the database."""
        return get_object_or_404(WorkProgramme.objects.select_related("panel"), pk=self.kwargs["pk"])

    def get_page_subtitle(self) -> str:
        """Return the programme's panel and year."""
        return str(self.object)

    def get_breadcrumbs_items(self) -> list[dict]:
        """Return the breadcrumbs: the programme, then this page."""
        edit = reverse("wagtailsnippets_scrutiny_pages_workprogramme:edit", args=[self.object.pk])
        return [
            *self.breadcrumbs_items,
            {"url": edit, "label": str(self.object)},
            {"url": "", "label": self.page_title},
        ]

    def get_form_kwargs(self) -> dict:
        """Return the form's arguments, with the topics and criteria."""
        return super().get_form_kwargs() | {"programme": self.object}

    def get_context_data(self, **kwargs: Any) -> dict:
        """Add the rows of the matrix, the highest total first."""
        context = super().get_context_data(**kwargs)
        form, totals = context["form"], self.object.totals()
        rows = [
            Row(topic, [form[form.name(topic, criterion)] for criterion in form.criteria], totals[topic.pk])
            for topic in form.topics
        ]
        return context | {"rows": sorted(rows, key=lambda row: -row.total), "criteria": form.criteria}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Make a review of a topic if its button was used; otherwise save the scores."""
        chosen = next(
            (topic for topic in self.object.topics.all() if str(topic.pk) == request.POST.get("review")), None
        )
        if chosen is None:
            return super().post(request, *args, **kwargs)
        try:
            page = choose_topic(topic=chosen, by=request.user)
        except TransitionNotAllowed as refused:
            messages.error(request, " ".join(refused.messages))
            return redirect(request.path)
        return redirect(reverse("wagtailadmin_pages:edit", args=[page.pk]))

    def form_valid(self, form: Any) -> HttpResponse:
        """Save the scores, unless that would overwrite what somebody else saved meanwhile."""
        if refusal := self.refusal(form):
            return refusal
        score_topics(scores=form.scores())
        messages.success(self.request, "The scores are kept.")
        return redirect(self.request.path)
