"""Context processors for every template."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from cms.core.models import SiteSettings


def site(request: HttpRequest) -> dict:
    """Return the landlord's settings as ``site``, fetched only if a template uses them."""
    return {"site": SimpleLazyObject(lambda: SiteSettings.for_request(request))}
