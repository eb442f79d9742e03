"""The menus, for every template."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from .models import Navigation


def menus(request: HttpRequest) -> dict:
    """Give ``main_menu`` and ``footer_menu``, fetched only if a template uses them."""

    def menu(name: str) -> SimpleLazyObject:
        def items() -> list:
            navigation = Navigation.for_request(request)
            return navigation.items(getattr(navigation, name), request)

        return SimpleLazyObject(items)

    return {"main_menu": menu("main"), "footer_menu": menu("footer")}
