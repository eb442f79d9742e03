"""Each model is declared public, part of something public, or private, for all that publishes."""

import pytest
from django.apps import apps
from django.conf import settings
from django.core.checks import run_checks
from django.urls import NoReverseMatch, reverse
from wagtail.models import Page

from cms.core import public_registry
from cms.core.public_registry import check_declarations, public_models
from cms.core.webhooks.change_detection import event_labels
from scrutiny_pages.models import Meeting

from .hidden_world import RECORDS

DECLARED = [declared for declared in public_models() if declared.model is not Page]


def test_every_model_is_declared():
    assert [found for found in run_checks() if found.id == "core.E001"] == []


def test_a_model_that_is_not_declared_fails_a_check_that_says_where_to_declare_it(monkeypatch):
    for known in ("_public", "_parts"):
        kept = getattr(public_registry, known)
        others = (
            {model: kept[model] for model in kept if model is not Meeting} if known == "_public" else kept - {Meeting}
        )
        monkeypatch.setattr(public_registry, known, others)
    [found] = check_declarations([apps.get_app_config("scrutiny_pages")])
    assert (found.id, found.obj) == ("core.E001", Meeting)
    assert "public_models.py" in found.hint


def test_an_app_of_ours_is_checked_and_others_are_not():
    assert set(settings.OWN_APPS) <= {config.name for config in apps.get_app_configs()}
    assert check_declarations([apps.get_app_config("wagtailusers")]) == []


@pytest.mark.parametrize("declared", DECLARED, ids=lambda declared: declared.model.__name__)
class TestDeclaration:
    def test_it_has_a_rule_of_visibility(self, declared):
        assert hasattr(declared.model._default_manager.all(), "visible_to")

    def test_its_endpoint_is_there(self, declared):
        try:
            assert reverse(declared.endpoint)
        except NoReverseMatch:
            pytest.fail(f"{declared.endpoint} is no endpoint")

    def test_what_the_sitemap_lists_has_an_address(self, declared):
        assert not declared.order or hasattr(declared.model, "get_absolute_url")

    def test_the_tests_of_visibility_know_it(self, declared):
        assert declared.model in RECORDS


def test_each_source_of_changes_has_events_of_its_own():
    assert len(event_labels()) == 2 * len(public_registry.change_sources())
