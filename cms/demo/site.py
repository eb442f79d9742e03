"""Loader of the landlord's settings and the menus."""

from wagtail.models import Site

from cms.core.models import SiteSettings
from cms.core.streamfield_builder import stream
from home.models import Navigation

from .content import read
from .story import Story


def load_site(story: Story) -> None:
    """Load the settings and the menus of the default site."""
    content = read("settings")
    site = Site.objects.get(is_default_site=True)
    settings = SiteSettings.for_site(site)
    for name, value in content["site"].items():
        setattr(settings, name, story.images[value] if name == "logo" else value)
    settings.full_clean()
    settings.save()
    menus = Navigation.for_site(site)
    for name, links in content["menus"].items():
        field = Navigation._meta.get_field(name)
        setattr(menus, name, stream(field, [{"link": link} for link in links], f"menu-{name}", story.find))
    menus.full_clean()
    menus.save()
