"""Serializers of the site itself: menus, settings, redirects and search results."""

from rest_framework import serializers
from wagtail.contrib.redirects.models import Redirect

from cms.core.block_serializers import PictureField
from cms.core.models import SiteSettings


class MenuItemSerializer(serializers.Serializer):
    """One link of a menu."""

    label = serializers.CharField()  # type: ignore[assignment]  # a field of this name, not the serializer's label
    url = serializers.CharField()


class MenusSerializer(serializers.Serializer):
    """The menus at the top and the foot of every page."""

    main = MenuItemSerializer(many=True)
    footer = MenuItemSerializer(many=True)


class SettingsSerializer(serializers.ModelSerializer):
    """The landlord's names, words, colour and contacts, as every page shows them."""

    word_for_one = serializers.CharField(source="resident", help_text="What a person who lives in its homes is called.")
    word_for_several = serializers.CharField(source="residents", help_text="What several of them are called.")
    logo = PictureField()

    class Meta:
        model = SiteSettings
        fields = [
            "name",
            "organisation",
            "kind",
            "nation",
            "word_for_one",
            "word_for_several",
            "brand_colour",
            "logo",
            "team_name",
            "phone",
            "email",
            "opening_hours",
            "post",
            "other_formats",
            "not_for",
            "data_protection_contact",
            "regulator",
        ]


class RedirectSerializer(serializers.Serializer):
    """An old address, and where it leads now."""

    # The word is taken in Python.
    vars()["from"] = serializers.CharField(source="old_path")
    to = serializers.SerializerMethodField()
    permanent = serializers.BooleanField(source="is_permanent")

    def get_to(self, redirect: Redirect) -> str:
        """Return the target: the URL of a page of the site, or another URL."""
        if page := redirect.redirect_page:
            route = redirect.redirect_page_route_path.lstrip("/")
            return f"{page.get_url(self.context['request']._request)}{route}"
        return redirect.redirect_link


class FoundSerializer(serializers.Serializer):
    """One thing that a search found."""

    kind = serializers.CharField(help_text="What the filter calls it.")
    what = serializers.CharField(help_text="What it is, in words.")
    title = serializers.CharField()
    url = serializers.CharField()
    day = serializers.CharField()
    excerpt = serializers.CharField(help_text="HTML: the words that were found are marked in it.")
    ref = serializers.CharField(help_text="The reference, if it is a recommendation.")
    status = serializers.CharField(help_text="Where it stands, if it is a recommendation.")
