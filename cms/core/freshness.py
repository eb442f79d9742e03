"""Whether a program has the newest of something already: then two short queries answer it, not all those of a page.

Every statement that writes is looked at, not every signal: what is changed in bulk sends none. A table that nobody
has thought of counts as public, so the mistake that can be made here is to send something once more than needed.
"""

import datetime
import re
from collections.abc import Callable
from functools import wraps

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.crypto import salted_hmac
from django.utils.http import http_date
from wagtail.models import Page

from .models import LastChange

WRITES = re.compile(r'\s*(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE|DELETE\s+FROM)\s+"?(\w+)', re.IGNORECASE)
# What no program is ever shown: private rows, logs, drafts, and what is made from something else.
QUIET = re.compile(
    r"auth_user\w*|core_(lastchange|lease)|django_\w+|post_office_\w+|sqlite_\w+"
    r"|forms_(accessrecord|equalitycount|savedform|submission|upload)"
    r"|wagtail(admin|search|users)_\w+|wagtailimages_rendition"
    r"|wagtailcore_(apitoken|comment\w*|modellogentry|page(logentry|subscription)|referenceindex|revision"
    r"|task\w*|groupapproval\w+|uploadedfile|workflow\w*)"
)


def watch(connection: BaseDatabaseWrapper, **kwargs) -> None:
    """Look at what is written through a connection to the database, from the moment it is opened."""
    if _look not in connection.execute_wrappers:
        connection.execute_wrappers.append(_look)


def _look(execute: Callable, sql: str, params: object, many: bool, context: dict) -> object:
    written = WRITES.match(sql)
    result = execute(sql, params, many, context)
    if written and not QUIET.fullmatch(written[1]):
        connection = context["connection"]
        # Once a transaction, and only when it is done: before, others read what was there.
        if all(work != LastChange.note for _, work, _ in connection.run_on_commit):
            connection.on_commit(LastChange.note, robust=True)
    return result


def is_quiet(table: str) -> bool:
    """Say whether a change in a table changes nothing for the public."""
    return bool(QUIET.fullmatch(table))


def _newest(at: datetime.datetime) -> tuple[str, datetime.datetime]:
    """Give what stands for the state of everything public at a moment, and since when it has been so.

    Each hour begins anew: with the day, words such as "late" change; and should a process be killed right after it
    wrote something, before it could note so, that is found out within the hour.
    """
    hour = timezone.localtime(at).replace(minute=0, second=0, microsecond=0)
    change = LastChange.objects.filter(pk=1).first()
    # These end by the clock, perhaps before anybody has noted it.
    over = Page.objects.filter(Q(live=True), expire_at__lte=at).count()
    since = max(change.at, hour) if change else hour
    return f"{change.number if change else 0}/{hour.isoformat()}/{over}", since


def fresh(view: Callable) -> Callable:
    """Have a public view answered with 304 where the newest of it is known already.

    Anybody may keep its answers, and asks before using one again: what was withdrawn is gone at once. What is not
    found or not understood is not kept.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return view(request, *args, **kwargs)
        # Before the view reads anything: if something changes meanwhile, the answer is new under an old name.
        state, since = _newest(timezone.now())
        etag = f'W/"{salted_hmac("cms.freshness", f"{request.build_absolute_uri()} {state}").hexdigest()}"'
        response = get_conditional_response(request, etag=etag, last_modified=int(since.timestamp()))
        if response is None:
            response = view(request, *args, **kwargs)
            if response.status_code != 200:
                patch_cache_control(response, no_store=True)
                return response
        response.headers["ETag"], response.headers["Last-Modified"] = etag, http_date(since.timestamp())
        patch_cache_control(response, public=True, no_cache=True)
        return response

    answer.is_fresh = True
    return answer
