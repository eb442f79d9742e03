"""Checks of a page's position: no address that the site itself uses, and no public page under a hidden one."""

from collections.abc import Iterable

from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils import timezone
from wagtail.models import Page, Site

PAGES_ARE_SERVED = "wagtail_serve"


def site_addresses(url_path: str) -> list[str]:
    """Return the URL paths at which sites serve a page with this path in the tree."""
    roots = [root.root_path for root in Site.get_site_root_paths()]
    return [f"/{url_path.removeprefix(root)}" for root in roots if url_path.startswith(root) and url_path != root]


def is_used_by_site(address: str) -> bool:
    """Return whether a URL path is used by a view of the site or by its files."""
    if address.startswith((settings.STATIC_URL, settings.MEDIA_URL)):
        return True
    # Some of our own addresses end without a slash.
    for each in (address, address.removesuffix("/")):
        try:
            if resolve(each).url_name != PAGES_ARE_SERVED:
                return True
        except Resolver404:
            continue
    return False


def problem_of_address(url_paths: Iterable[str]) -> str:
    """Return a message why pages cannot have these tree paths and what to do, or "" if they can."""
    used = (address for path in url_paths for address in site_addresses(path) if is_used_by_site(address))
    address = next(used, "")
    last = address.strip("/").rpartition("/")[2]
    return (
        f"This website itself uses the address {address} for something else, so no page can be there. "
        f"Choose another slug, such as “{last}-page”."
        if address
        else ""
    )


def paths_below(page: Page, *, parent: Page, slug: str = "", with_descendants: bool = True) -> list[str]:
    """Return the tree paths that a page and its descendants would have under another parent or with another slug."""
    path = f"{parent.url_path}{slug or page.slug}/"
    below = page.get_descendants().values_list("url_path", flat=True) if with_descendants else []
    return [path, *(path + old.removeprefix(page.url_path) for old in below)]


def hidden_above(parent: Page) -> list[Page]:
    """Return the ancestors, from the top down to a parent, that are unpublished or have expired."""
    above = parent.get_ancestors(inclusive=True).filter(depth__gt=1).order_by("path")
    now = timezone.now()
    return [page for page in above if not page.live or (page.expire_at and page.expire_at <= now)]


def problem_of_parents(hidden: list[Page]) -> str:
    """Return a message why a page under these hidden pages would not be seen, or "" if it would be."""
    if not hidden:
        return ""
    titles = ", ".join(f"“{page}”" for page in hidden)
    return (
        f"Nobody would see this page if it were published now: it stands under {titles}, which is not public. "
        "Publish that first. You can save this as a draft."
    )


def words_of_restriction(page: Page) -> str:
    """Return a sentence that names who can see a page restricted by an ancestor, or "" if everybody can."""
    restriction = page.get_view_restrictions().exclude(page=page).select_related("page").first()
    if restriction is None:
        return ""
    return f"Not everybody can see this page: it stands under “{restriction.page}”, whose privacy is set."
