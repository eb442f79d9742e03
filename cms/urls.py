"""Every route, on one screen."""

from django.conf import settings
from django.urls import include, path, re_path
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as admin_urls
from wagtail.documents import urls as document_urls

from cms import api
from cms.core import views as core
from forms import views as forms
from home import views as home
from scrutiny_pages import views as scrutiny

urlpatterns = [
    path("healthz", core.healthz, name="healthz"),
    re_path(r"^brand/(?P<colour>[0-9a-f]{6})\.css$", core.brand_css, name="brand_css"),
    path("admin/", include(admin_urls)),
    path("documents/", include(document_urls)),
    path("api/", include(api.urlpatterns)),
    path("search/", home.search, name="search"),
    path("forms/received/<uuid:token>/", forms.received, name="form_received"),
    # Records keep one address for good, wherever the page that lists them moves.
    re_path(
        r"^recommendations/(?P<series>[A-Za-z0-9-]{1,20})/(?P<number>[0-9]{1,4})/$",
        scrutiny.recommendation,
        name="recommendation",
    ),
    re_path(r"^meetings/(?P<pk>[0-9]{1,9})/$", scrutiny.meeting, name="meeting"),
]

if settings.SERVE_MEDIA:
    # Pictures only: a document is served by its own address, which asks whether it is private.
    pictures = r"^media/(?P<path>(images|original_images)/[^/]{1,200})$"
    urlpatterns += [re_path(pictures, serve, {"document_root": settings.MEDIA_ROOT})]

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
