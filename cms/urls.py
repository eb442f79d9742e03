"""The root URL configuration."""

from typing import cast

from django.conf import settings
from django.urls import URLPattern, include, path, re_path
from django.views.decorators.http import require_http_methods, require_safe
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as admin_urls
from wagtail.documents import urls as document_urls

from cms import api
from cms.core import views as core
from cms.core.favicons import views as icons
from forms.disclosure_log import views as requests
from forms.submission import confirmation_views as forms
from home import views as home
from home.api_docs_view import api_page
from scrutiny_pages.api import exports
from scrutiny_pages.feeds import atom, ical, sitemaps
from scrutiny_pages.views import eligibility_checker, programmes
from scrutiny_pages.views import recommendations as scrutiny


def _only_shown(patterns: list[URLPattern]) -> list[URLPattern]:
    """Return another package's URL patterns, restricted to GET and HEAD, and POST for passwords."""
    for pattern in patterns:
        takes_password = cast("str", pattern.name).endswith("authenticate_with_password")
        methods = ["GET", "HEAD", "POST"] if takes_password else ["GET", "HEAD"]
        pattern.callback = require_http_methods(methods)(pattern.callback)
    return patterns


urlpatterns = [
    path("healthz", core.healthz, name="healthz"),
    re_path(r"^brand/(?P<colour>[0-9a-f]{6})\.css$", core.brand_css, name="brand_css"),
    re_path(r"^brand/(?P<colour>[0-9a-f]{6})/(?P<letter>[A-Z0-9])\.svg$", icons.letter_icon, name="letter_icon"),
    path("favicon.ico", icons.icon, name="favicon"),
    path("apple-touch-icon.png", icons.icon, {"size": 180}),
    re_path(r"^icons/(?P<size>[0-9]{2,3})\.png$", icons.icon, name="icon"),
    path("icons/share.png", icons.share_picture, name="share_picture"),
    path("site.webmanifest", icons.manifest, name="manifest"),
    path("robots.txt", sitemaps.robots, name="robots"),
    path("sitemap.xml", sitemaps.sitemap, name="sitemap"),
    path("feeds/reports/", atom.reports, name="report_feed"),
    path("feeds/outcomes/", atom.outcomes, name="outcome_feed"),
    path("feeds/newsletters/", atom.newsletters, name="newsletter_feed"),
    # Wagtail has a screen there that fails on purpose.
    path("admin/failwhale/", core.no_endpoint),
    path("admin/", include(admin_urls)),
    path("documents/", include((_only_shown(document_urls.urlpatterns), cast("str", None)))),  # with no namespace
    path("api/", api_page, name="api_page"),
    path("api/", include(api.urlpatterns)),
    re_path(r"^api/", core.no_endpoint),
    path("search/", home.search, name="search"),
    path("go/<slug:name>/", home.required_page, name="required_page"),
    path("forms/received/<uuid:token>/", forms.received, name="form_received"),
    path("information-requests/", requests.log, name="public_requests"),
    path("information-requests/numbers/", requests.in_numbers, name="public_request_numbers"),
    path("information-requests/numbers.csv", requests.numbers_csv, name="public_request_numbers_csv"),
    re_path(r"^information-requests/(?P<pk>[0-9]{1,9})/$", requests.entry, name="public_request"),
    path("forms/saved/<str:secret>/", forms.saved_form, name="form_saved"),
    path("forms/equality/<uuid:form_key>/", forms.equality, name="form_equality"),
    path("recommendations.csv", exports.recommendations_csv, name="recommendations_csv"),
    path("recommendations.xlsx", exports.recommendations_xlsx, name="recommendations_xlsx"),
    path("recommendations.json", exports.recommendations_json, name="recommendations_json"),
    # Records keep one address for good, wherever the page that lists them moves.
    re_path(
        r"^recommendations/(?P<series>[A-Za-z0-9-]{1,20})/(?P<number>[0-9]{1,4})/$",
        scrutiny.recommendation,
        name="recommendation",
    ),
    re_path(r"^meetings/(?P<pk>[0-9]{1,9})/$", scrutiny.meeting, name="meeting"),
    path("agreements/<slug:slug>/", scrutiny.agreement, name="agreement"),
    path("meetings/calendar.ics", ical.feed, name="calendar_feed"),
    re_path(r"^meetings/(?P<pk>[0-9]{1,9})\.ics$", ical.one_event, name="calendar_event"),
    re_path(r"^programmes/(?P<pk>[0-9]{1,9})/$", programmes.programme, name="programme"),
    path("panels/<slug:slug>/could-i-join/", eligibility_checker.could_i_join, name="could_i_join"),
]

if settings.SERVE_MEDIA:
    # Pictures only: a document is served by its own address, which asks whether it is private.
    pictures = r"^media/(?P<path>(images|original_images)/[^/]{1,200})$"
    urlpatterns += [re_path(pictures, require_safe(serve), {"document_root": settings.MEDIA_ROOT})]

urlpatterns += [
    re_path(
        r"^_util/authenticate_with_password/([0-9]{1,9})/([0-9]{1,9})/$",
        core.page_password,
        name="wagtailcore_authenticate_with_password",
    ),
    path("", include(wagtail_urls)),
]

handler400 = core.bad_request
handler403 = core.forbidden
handler404 = core.not_found
handler500 = core.server_error
