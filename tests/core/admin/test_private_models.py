"""Requests that every register refuses. Registers in use are tested at their own URLs."""

import pytest
from django.contrib.admin import SimpleListFilter
from django.core.exceptions import ImproperlyConfigured
from wagtail.models import Page

from cms.core.admin.private_models import PrivateModelAdmin


class FreeFilter(SimpleListFilter):
    """A filter that accepts any value."""


@pytest.mark.parametrize(
    "declared",
    [{}, {"permission": ""}, {"permission": "x.y", "list_filter": (FreeFilter,)}],
    ids=["no permission", "empty permission", "a filter that takes anything"],
)
def test_a_careless_register_does_not_start(declared):
    register = type("Careless", (PrivateModelAdmin,), {"model": Page} | declared)
    with pytest.raises(ImproperlyConfigured):
        register()


def test_a_register_has_a_list_and_a_page_for_each_row_and_no_other_address():
    register = type("Register", (PrivateModelAdmin,), {"model": Page, "permission": "x.y"})()
    names = {pattern.name.rsplit("_", 1)[-1] for pattern in register.get_admin_urls_for_registration()}
    assert names == {"index", "inspect"}
