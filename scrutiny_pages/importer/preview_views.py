"""The last view of the import: a preview of each recommendation, and the import itself."""

import dataclasses
import logging
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, StreamingHttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.text import capfirst
from django.views.generic import TemplateView

from cms.core.admin.pagination import page_in_pieces
from cms.core.dates.formatting import format_date

from .columns import COLUMNS, name_of
from .diff import Planned
from .drafts import listing_url, publish_url
from .loader import NotImported, run_import
from .missing_days import NAMES
from .problems import format_problems
from .rows import Options
from .views import ImportView, MatchedView

MOST_SHOWN = 500  # problems; who has more will want to mend them in the spreadsheet first
ON_A_PAGE = 50
NUMBER = 6  # digits of a row or a page
logger = logging.getLogger("django.request")

FILTERS = {
    "all": ("All", lambda planned, today: True),
    "look": ("Look at these", lambda planned, today: planned.doubts(today)),
    "given": ("With a day that you gave", lambda planned, today: planned.draft.supplied),
    "new": ("New", lambda planned, today: planned.recommendation is None),
    "changed": ("Changed", lambda planned, today: planned.recommendation is not None),
}


@dataclasses.dataclass
class Line:
    """One recommendation in the preview: its source row, its changes, its future status, and doubts."""

    row: int
    ref: str
    title: str
    changes: str
    state: str
    note: str
    doubts: list[str]
    given: list[str]  # days that the row lacks and that were said for the file

    @classmethod
    def of(cls, planned: Planned, options: Options) -> "Line":
        """Return the line of a planned recommendation."""
        status = planned.status(options.today)
        changes = ", ".join(str(COLUMNS[key].label) for key in planned.changes)
        draft = planned.draft
        given = [f"{capfirst(str(NAMES[key]))}, as you said: {format_date(day)}" for key, day in draft.supplied.items()]
        doubts = planned.doubts(options.today)
        return cls(draft.row, planned.refs, draft.words["title"], changes, status.words, status.note, doubts, given)


class PreviewView(MatchedView, ImportView, TemplateView):
    """A view that previews an import with every problem by row, and runs it if there is none."""

    template_name = "scrutiny_pages/admin/import_preview.html"
    page_subtitle = "Check and import"

    def get_context_data(self, **kwargs: Any) -> dict:
        """Add the plan, and the current page of its recommendations."""
        plan, today = self.plan, self.import_options().today
        left_out = [
            name_of(self.sheet, position)
            for position in range(len(self.sheet.headings))
            if position not in self.job.columns.values() and position not in self.sheet.hidden
        ]
        items, problems = plan.items, format_problems(plan.problems)
        counts = {key: sum(bool(test(item, today)) for item in items) for key, (_, test) in FILTERS.items()}
        show = self.request.GET.get("show", "")
        show = show if show in FILTERS else "all"
        shown = [item for item in items if FILTERS[show][1](item, today)]
        page = Paginator(shown, ON_A_PAGE).get_page(self.request.GET.get("p", "")[:NUMBER])
        filters = [(key, label, counts[key], key == show) for key, (label, _) in FILTERS.items() if counts[key]]
        return super().get_context_data(**kwargs) | {
            "job": self.job,
            "plan": plan,
            "page": page,
            "lines": [Line.of(item, plan.options) for item in page],
            "filters": filters,
            "query": urlencode({"show": show}),
            "columns_url": self.address("columns"),
            "layout_url": self.address("layout"),
            "file_url": self.address("file"),
            "answers_url": self.address("answers") if plan.statuses or plan.days else "",
            "left_out": left_out,
            "kept": plan.kept[:MOST_SHOWN],
            "problems": problems[:MOST_SHOWN],
            "unshown": max(0, len(problems) - MOST_SHOWN),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Run the import, or store which of the rows that do not look like records are imported."""
        if missing := self.missing():
            return redirect(self.address(missing))
        if "choose_rows" in request.POST:
            chosen = [row for row in request.POST.getlist("rows") if row.isascii() and row.isdigit()]
            self.job.wanted_rows = sorted({int(row) for row in chosen if len(row) <= NUMBER})
            self.job.save(update_fields=["wanted_rows"])
            return redirect(self.address("preview"))
        return self._stream(request, as_drafts=request.POST.get("how") != "publish")

    def _stream(self, request: HttpRequest, *, as_drafts: bool) -> StreamingHttpResponse:
        """Run the import, and stream its progress."""
        context = super().get_context_data(doing=f"Importing {self.job.file_name}.")
        return page_in_pieces(request, context, self._run(as_drafts=as_drafts))

    def _run(self, *, as_drafts: bool) -> Iterator[str]:
        """Yield the progress; the last part has the result."""
        progress, refused = None, ""
        options, user = self.import_options(), self.request.user
        try:
            for progress in run_import(self.sheet, self.job.columns, options, by=user, as_drafts=as_drafts):
                yield f"<p>{progress}</p>\n"
        except NotImported as error:
            refused = str(error)
        # The page is half sent, so the site's own answer to a mistake can no longer be given.
        except Exception:
            logger.exception("An import failed")
            refused = "Something went wrong on our side."
        else:
            self.job.delete()
        result = {
            "refused": refused,
            "plan": progress and progress.plan,
            "as_drafts": as_drafts,
            "job": self.job,
            "listing_url": progress and listing_url(progress.finished),
            "publish_url": progress and publish_url(progress.finished),
        }
        yield render_to_string("scrutiny_pages/admin/import_result.html", result)
