"""Visibility: the pages and records that a user may see. Pages, listings, search, feeds, exports and the API use it.

A ``Viewer`` is a user at one moment: the clock is read once, when the request arrives, and passed on with the viewer.
"""

import dataclasses
import datetime
import operator
from collections import defaultdict
from collections.abc import Callable
from functools import cached_property, reduce
from typing import Any, TypeVar

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Left
from django.db.models.lookups import In
from django.http import HttpRequest
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

AnyQuerySet = TypeVar("AnyQuerySet", bound=QuerySet[Any, Any])

# What the apps above hide besides: each gives the pages that a viewer is not shown.
_hidden_by_apps: list[Callable[["Viewer"], QuerySet]] = []
# What they serve to whoever has the address, and list nowhere.
_unlisted_by_apps: list[Callable[["Viewer"], QuerySet]] = []


def hide_pages(rule: Callable[["Viewer"], QuerySet]) -> None:
    """Register an app's rule for pages that are public only while another object is."""
    _hidden_by_apps.append(rule)


def unlist_pages(rule: Callable[["Viewer"], QuerySet]) -> None:
    """Register an app's rule for pages with a URL that are left out of lists, search, sitemap and API."""
    _unlisted_by_apps.append(rule)


@dataclasses.dataclass
class Viewer:
    """A user of the site at one moment."""

    user: User | AnonymousUser
    at: datetime.datetime

    @classmethod
    def of(cls, request: HttpRequest) -> "Viewer":
        """Return the viewer of a request; one instance for each request."""
        if not hasattr(request, "_viewer"):
            request._viewer = cls(user=getattr(request, "user", AnonymousUser()), at=timezone.now())  # type: ignore[attr-defined]  # kept with the request
        return request._viewer  # type: ignore[attr-defined]  # kept with the request

    @classmethod
    def anonymous(cls, at: datetime.datetime | None = None) -> "Viewer":
        """Return an anonymous viewer: what every machine interface answers as."""
        return cls(user=AnonymousUser(), at=at or timezone.now())

    @classmethod
    def force_anonymous(cls, request: HttpRequest) -> "Viewer":
        """Make the viewer of a request anonymous, whoever sends it, for the rest of the request."""
        request._viewer = cls.anonymous()  # type: ignore[attr-defined]  # kept with the request
        return request._viewer  # type: ignore[attr-defined]  # kept with the request

    @property
    def today(self) -> datetime.date:
        """Return the London date at this moment."""
        return timezone.localdate(self.at)

    @cached_property
    def dead_paths(self) -> tuple[str, ...]:
        """Return the tree paths of pages with children that are not live or have expired.

        Wagtail would go on listing and serving those children.
        """
        dead = Page.objects.filter(numchild__gt=0).filter(Q(live=False) | Q(expire_at__lte=self.at))
        return tuple(dead.values_list("path", flat=True))

    @cached_property
    def refused_paths(self) -> tuple[str, ...]:
        """Return the tree paths of the pages whose view restrictions refuse this viewer."""
        restrictions = PageViewRestriction.objects.select_related("page").prefetch_related("groups")
        restrictions = restrictions.only("restriction_type", "page__path")
        return tuple(restriction.page.path for restriction in restrictions if not self._passes(restriction))

    @cached_property
    def _ids_by_apps(self) -> dict[bool, frozenset[int]]:
        """Return, in one query, the ids of the pages that the apps' rules hide (true) or do not list (false)."""
        rules = [(rule, True) for rule in _hidden_by_apps] + [(rule, False) for rule in _unlisted_by_apps]
        pages = [rule(self).order_by().annotate(is_hidden=Value(hides)) for rule, hides in rules]
        found = [pages_of_rule.values_list("pk", "is_hidden") for pages_of_rule in pages]
        rows = list(found[0].union(*found[1:], all=True)) if found else []
        return {hides: frozenset(pk for pk, is_hidden in rows if bool(is_hidden) == hides) for hides in (True, False)}

    @property
    def hidden_ids(self) -> frozenset[int]:
        """Return the ids of the pages that the apps' rules hide from this viewer."""
        return self._ids_by_apps[True]

    @property
    def unlisted_ids(self) -> frozenset[int]:
        """Return the ids of the pages that are shown to this viewer only at their own URL."""
        return self._ids_by_apps[False]

    @property
    def hidden_paths(self) -> tuple[str, ...]:
        """Return the tree paths under which this viewer sees nothing."""
        return self.dead_paths + self.refused_paths

    def _passes(self, restriction: PageViewRestriction) -> bool:
        # A shared password opens the page itself (Wagtail asks for it there), never a listing.
        if restriction.restriction_type == PageViewRestriction.PASSWORD or not self.user.is_authenticated:
            return False
        if restriction.restriction_type == PageViewRestriction.LOGIN or self.user.is_superuser:
            return True
        wanted = {group.pk for group in restriction.groups.all()}
        return any(group.pk in wanted for group in self.user.groups.all())

    def sees_page(self, page: Page) -> bool:
        """Return whether one page is visible: the same rule as ``visible_to``, for a loaded page."""
        return self.may_read(page) and page.pk not in self.unlisted_ids

    def may_read(self, page: Page) -> bool:
        """Return whether this viewer can read one page at its URL, whether or not any list contains it."""
        return self.may_be_served(page) and not _is_under(page.path, self.refused_paths)

    def may_be_served(self, page: Page) -> bool:
        """Return whether a page may be served at all; Wagtail checks its view restrictions."""
        if not page.live or (page.expire_at and page.expire_at <= self.at) or page.pk in self.hidden_ids:
            return False
        if _is_under(page.path, self.dead_paths):
            return False
        return not (page.alias_of_id and _is_under(page.alias_of.path, self.hidden_paths))


def _is_under(path: str, roots: tuple[str, ...]) -> bool:
    return any(path.startswith(root) for root in roots)


def visible_to(viewer: Viewer, queryset: AnyQuerySet) -> AnyQuerySet:
    """Return a queryset of pages or public records restricted to what the viewer may see.

    The queryset of a record defines the rule in a ``visible_to(viewer)`` method; a model without one is private, and
    passing it is an error.
    """
    if not issubclass(queryset.model, Page):
        own_rule = getattr(queryset, "visible_to", None)
        if own_rule is None:
            raise TypeError(f"{queryset.model.__name__} is private: it has no rule of visibility")
        return own_rule(viewer)
    # By key, so that the result can be searched: a search index knows few columns, but always the key.
    return queryset.filter(pk__in=Page.objects.filter(visible_pages(viewer)).values("pk"))


def visible_pages(viewer: Viewer, prefix: str = "") -> Q:
    """Return the condition that a page is visible, for a page reached through ``prefix`` (``report__``)."""
    condition = Q(**{f"{prefix}live": True}) & (
        Q(**{f"{prefix}expire_at__isnull": True}) | Q(**{f"{prefix}expire_at__gt": viewer.at})
    )
    if unseen := viewer.hidden_ids | viewer.unlisted_ids:
        condition &= ~Q(**{f"{prefix}pk__in": unseen})
    if viewer.hidden_paths:
        condition &= ~_under_any(f"{prefix}path", viewer.hidden_paths)
        # An alias repeats its original's words, so it is hidden with it.
        copied = _under_any(f"{prefix}alias_of__path", viewer.hidden_paths)
        condition &= Q(**{f"{prefix}alias_of__isnull": True}) | ~copied
    return condition


def _under_any(path: str, roots: tuple[str, ...]) -> Q:
    """Return the condition that a tree path is at or below one of some roots: one test for each depth."""
    by_length = defaultdict(list)
    for root in roots:
        by_length[len(root)].append(root)
    tests = [Q(In(Left(F(path), length), same)) for length, same in by_length.items()]
    return reduce(operator.or_, tests)
