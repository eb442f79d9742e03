"""Context processor of the menus."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from .models import Navigation
from .navigation import footer_items


def menus(request: HttpRequest) -> dict:
    """Return ``main_menu`` and ``footer_menu``, fetched only if a template uses them."""

    def main() -> list:
        navigation = Navigation.for_request(request)
        return navigation.items(navigation.main, request)

    return {"main_menu": SimpleLazyObject(main), "footer_menu": SimpleLazyObject(lambda: footer_items(request))}
