"""The links of every footer: the editor's menu, then the required ones, each once."""

from django.http import HttpRequest
from wagtail.models import Page

from cms.core.visibility import Viewer, visible_to

from .models import AccessibilityStatementPage, ContactPage, MenuItem, Navigation, PrivacyPage

REQUIRED = (ContactPage, AccessibilityStatementPage, PrivacyPage)
COMPLAINT = PrivacyPage.COMPLAINT


def footer_items(request: HttpRequest) -> list[MenuItem]:
    """Return the footer's links: the menu items that the visitor may see, then the required ones."""
    navigation = Navigation.for_request(request)
    required = list(required_items(request).values())
    taken = {item.url for item in required}
    return [item for item in navigation.items(navigation.footer, request) if item.url not in taken] + required


def required_items(request: HttpRequest) -> dict[str, MenuItem]:
    """Return the links that every footer has, by a permanent name; one without a page is left out."""
    privacy = PrivacyPage._meta.model_name
    pages = visible_to(Viewer.of(request), Page.objects.type(*REQUIRED)).select_related(f"{privacy}__complaint_form")
    found = {page.cached_content_type.model: page for page in pages}
    items = {}
    for model in REQUIRED:
        if page := found.get(model._meta.model_name):
            url = page.get_url(request)
            items[model.permanent_name] = MenuItem(model.footer_label, url, request.path == url)
    if page := found.get(privacy):
        url = page.privacypage.complaint_url(request)
        items[COMPLAINT] = MenuItem(PrivacyPage.complaint_label, url, request.path == url)
    return items
