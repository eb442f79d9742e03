"""Rate limits by address. Whoever exceeds one is asked to wait or to call, and loses nothing that they typed."""

import ipaddress

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from cms.core.models import SiteSettings

HOUR = 3600  # seconds


def address_of(request: HttpRequest) -> str:
    """Return the client address of a request, as our own proxies saw it; what else the sender claims is ignored.

    Each proxy appends the address that it received the request from to ``X-Forwarded-For``, so only the last few
    entries are trustworthy. An IPv6 address is cut to its first 64 bits, since a subscriber controls all that begin so.
    """
    heard = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    proxies = settings.TRUSTED_PROXY_COUNT
    text = heard[-proxies].strip() if 0 < proxies <= len(heard) else request.META.get("REMOTE_ADDR", "")
    try:
        address = ipaddress.ip_address(_without_port(text))
    except ValueError:
        return "unknown"
    # An IPv4 address as a socket for both kinds tells it: all of them begin alike.
    address = getattr(address, "ipv4_mapped", None) or address
    if address.version == 6:
        return str(ipaddress.ip_network(f"{address}/64", strict=False))
    return str(address)


def _without_port(text: str) -> str:
    """Return an address without the port that some gateways append, as in ``[2001:db8::1]:443``."""
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.partition(":")[0] if text.count(":") == 1 else text


def count_of(request: HttpRequest, what: str) -> int:
    """Count an action of an address, and return the number within the hour."""
    return _counted(what, address_of(request), one_more=True)


def count_to(email: str, what: str) -> int:
    """Count an action on an email address, and return the number within the hour."""
    return _counted(what, email.casefold(), one_more=True)


def is_over(request: HttpRequest, what: str, most: int) -> bool:
    """Return whether an address has reached its limit of an action, without counting one."""
    return _counted(what, address_of(request), one_more=False) >= most


def throttle_message(request: HttpRequest, what: str = "forms") -> str:
    """Return the message that an address has exceeded its limit; what was typed is still on the page."""
    phone = SiteSettings.for_request(request).phone
    call = f", or call us on {phone}" if phone else ""
    return f"We have had too many {what} from where you are. Try again in an hour{call}."


def storage_full_message(request: HttpRequest) -> str:
    """Return the message that a form could not be stored; what was typed is still on the page."""
    phone = SiteSettings.for_request(request).phone
    call = f", or call us on {phone}" if phone else ""
    return f"We could not keep your form just now. The fault is ours. Try again in an hour{call}."


def _counted(what: str, who: str, *, one_more: bool) -> int:
    # The cache keeps no address, only what stands for it until the site's secret changes.
    name = f"limit-{what}-{salted_hmac('forms.answers.throttling', who).hexdigest()}"
    if not one_more:
        return cache.get(name, 0)
    cache.add(name, 0, HOUR)
    try:
        return cache.incr(name)
    except ValueError:  # it ran out at this very moment
        return 1
