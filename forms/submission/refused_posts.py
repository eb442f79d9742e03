"""Forms that fail the CSRF check: shown again with what was typed, and never accepted."""

import dataclasses
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, QueryDict

from cms.core.views import forbidden

OPEN_TOO_LONG = (
    "This page was open for too long, so nothing was sent. Check your answers and send it again. "
    "If that does not help, let your browser keep cookies from us."
)
FILES_AGAIN = "Choose your files again."
# Where somebody may have typed a lot: a form's own page, and the screen on which staff type in what came on paper.
VIEWS = ("wagtail_serve", "form_enter")
# A page that was open too long, or a browser that was closed meanwhile. What comes from another website has other
# reasons, and is refused without being shown.
TOKEN_REASONS = ("CSRF token", "CSRF cookie")


@dataclasses.dataclass
class RefusedPost:
    """The form data of a refused request, and whether it contained files."""

    data: QueryDict
    had_files: bool
    is_shown: bool = False

    status = HTTPStatus.FORBIDDEN

    @property
    def words(self) -> str:
        """Return the message for the person."""
        return f"{OPEN_TOO_LONG} {FILES_AGAIN}" if self.had_files else OPEN_TOO_LONG


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Show a form again with what was typed and a new token; return a plain 403 page for everything else.

    From here on the request is a GET, so that nothing can be accepted or written by mistake.
    """
    match = request.resolver_match
    if match and match.view_name in VIEWS and reason.startswith(TOKEN_REASONS) and request.method == "POST":
        refused = RefusedPost(request.POST, bool(request.FILES))
        request.method, request.POST = "GET", QueryDict()
        request.refused_post = refused  # type: ignore[attr-defined]  # read by `refused_post`
        response = match.func(request, *match.args, **match.kwargs)
        if refused.is_shown:
            return response
    return forbidden(request, reason=reason)


def refused_post(request: HttpRequest) -> RefusedPost | None:
    """Return the refused form data of a request, and mark it as shown.

    :returns: None for any other request.
    """
    refused = getattr(request, "refused_post", None)
    if refused:
        refused.is_shown = True
    return refused
