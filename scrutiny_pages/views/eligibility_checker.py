"""The eligibility checker: a panel's requirements as questions. It stores no row, no cookie and no URL parameter."""

import dataclasses
from collections.abc import Mapping, Sequence

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from cms.core.visibility import Viewer, visible_to

from ..models import EligibilityStatement, Panel, PanelIndexPage, PanelPage
from .breadcrumbs import breadcrumbs_to

YES, NO, UNSURE, NOT_ME = "yes", "no", "unsure", "not-me"
CHOICES = {YES: "Yes", NO: "No", UNSURE: "I am not sure"}
CHOICES_FOR_SOME = {YES: "Yes", NO: "No", NOT_ME: "This is not about me", UNSURE: "I am not sure"}


def choices_of(statement: EligibilityStatement) -> dict[str, str]:
    """Return the possible answers to a statement, as value and label."""
    return CHOICES_FOR_SOME if statement.concerns_some else CHOICES


@dataclasses.dataclass(frozen=True)
class EligibilityAnswers:
    """The eligibility statements of a panel, and one person's answers to them."""

    statements: Sequence[EligibilityStatement]
    answers: Mapping[int, str]

    @classmethod
    def read(cls, statements: Sequence[EligibilityStatement], sent: Mapping[str, str]) -> "EligibilityAnswers":
        """Read the answers from submitted form data.

        :raises BadRequest: for an invalid answer.
        """
        given = {statement: sent.get(name_of(statement), "") for statement in statements}
        if any(answer and answer not in choices_of(statement) for statement, answer in given.items()):
            raise BadRequest("Unknown answer")
        return cls(statements, {statement.pk: answer for statement, answer in given.items() if answer})

    @property
    def ruled_out_by(self) -> list[str]:
        """Return the statements that rule a person out: a no to one that concerns everybody."""
        return [str(item) for item in self.statements if self.answers.get(item.pk) == NO and not item.concerns_some]

    @property
    def unclear(self) -> list[str]:
        """Return the statements to discuss: a no to an "If ..." may only mean that it does not apply."""
        open_answers = {True: (UNSURE, NO), False: (UNSURE,)}
        return [str(item) for item in self.statements if self.answers.get(item.pk) in open_answers[item.concerns_some]]

    @property
    def is_complete(self) -> bool:
        """Return whether every statement has an answer."""
        return all(item.pk in self.answers for item in self.statements)

    @property
    def errors(self) -> list[tuple[str, str]]:
        """Return an error for each missing answer: the id of its input, and the message."""
        return [
            (name_of(item), f"Say whether this is true of you: {item}")
            for item in self.statements
            if item.pk not in self.answers
        ]

    def fields(self, *, show_errors: bool) -> list[dict]:
        """Return the questions as context of ``components/form/radios.html``."""
        return [
            {
                "id": name_of(item),
                "name": name_of(item),
                "label": str(item),
                "error": "Say whether this is true of you" if show_errors and item.pk not in self.answers else "",
                "required": True,
                "options": [
                    {
                        "id": name_of(item) if value == YES else f"{name_of(item)}-{value}",
                        "value": value,
                        "label": label,
                        "checked": self.answers.get(item.pk) == value,
                    }
                    for value, label in choices_of(item).items()
                ],
            }
            for item in self.statements
        ]


def name_of(statement: EligibilityStatement) -> str:
    """Return the input name of a statement's radio buttons."""
    return f"statement-{statement.pk}"


# Nothing is changed and nothing is kept, and without a token no cookie is set.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def could_i_join(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a panel's eligibility statements as a form, and the result (W24, H 4.1, K 4.3, C Membership).

    A panel without statements redirects to its page.

    A missing answer returns 422 with the form again; an invalid value returns 400.
    """
    viewer = Viewer.of(request)
    panels = visible_to(viewer, Panel.objects.with_seats()).prefetch_related("eligibility")
    panel: Panel = get_object_or_404(panels, slug=slug)
    if not panel.eligibility.all():
        return _to_panel(panel, viewer, request)
    check = EligibilityAnswers.read(panel.eligibility.all(), request.POST)
    is_sent = request.method == "POST"
    links = next_links(panel, viewer, request)
    context = links | {
        "panel": panel,
        "action": reverse("could_i_join", args=[slug]),
        "crumbs": [*breadcrumbs_to(request, viewer, PanelIndexPage), *links["panel_crumb"]],
    }
    if is_sent and check.is_complete:
        answers = {"no": check.ruled_out_by, "unsure": check.unclear}
        response = render(request, "scrutiny_pages/could_i_join_result.html", context | answers)
    else:
        asked = {"fields": check.fields(show_errors=is_sent), "errors": check.errors if is_sent else []}
        status = 422 if is_sent else 200
        response = render(request, "scrutiny_pages/could_i_join.html", context | asked, status=status)
    if is_sent:
        patch_cache_control(response, private=True, no_store=True)
    return response


def _to_panel(panel: Panel, viewer: Viewer, request: HttpRequest) -> HttpResponse:
    """Redirect to the page of a panel without statements, which links to the application form."""
    address = panel.address(viewer, request)
    if not address:
        raise Http404("This panel asks nothing of its members, and has no page")
    return redirect(f"{address}#could-i-join")


def next_links(panel: Panel, viewer: Viewer, request: HttpRequest) -> dict:
    """Return the links of the next steps.

    These are the panel's page, its application form while it recruits, and its next meeting.
    """
    page = visible_to(viewer, PanelPage.objects.filter(panel=panel)).select_related("apply_page").first()
    return {
        "panel_crumb": [{"title": page.title, "url": page.get_url(request)}] if page else [],
        "apply_page": page.form_to_join(panel, viewer) if page else None,
        "recruits": panel.recruits(viewer.today),
        "meetings": visible_to(viewer, panel.meetings.not_cancelled()).coming(viewer.at)[:3],
    }
