"""Registry of what the public may see: one declaration for each model, read by all that publishes.

Each app declares its models in its own ``public_models.py``. The sitemap, search, PDFs, conditional requests, webhooks
and the tests of visibility read the registry. A model that is declared nowhere fails a system check. A page type needs
no declaration, as ``visible_to`` knows every page.
"""

import dataclasses
import datetime
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.db.models import Model, QuerySet
from wagtail.models import Page

from .visibility import Viewer, visible_to


@dataclasses.dataclass(frozen=True, kw_only=True)
class ChangeSource:
    """Source of the public changes of one model, and of what webhooks send of them.

    :param kind: the name under which the state that was last seen is kept.
    :param changed: the event for a row that became public or changed in public, and its label for staff.
    :param gone: the event for a row that is public no more, and its label.
    :param marks: returns for each public row, by primary key, a mark that differs when the row changed in public; or
        nothing at all while that cannot be decided.
    :param facts: returns for some rows, by primary key, what is sent: ``id``, ``type``, ``url`` and ``api_url``.
    """

    kind: str
    changed: tuple[str, str]
    gone: tuple[str, str]
    marks: Callable[[Viewer], dict[int, str] | None]
    facts: Callable[[Viewer, Collection[int]], dict[int, dict]]


@dataclasses.dataclass(frozen=True, kw_only=True)
class PublicModel:
    """The public declaration of one model. Its queryset's ``visible_to(viewer)`` is the rule of visibility.

    :param model: the model. Its rows with a URL have ``get_absolute_url()``.
    :param parts: models whose rows are shown as part of these rows.
    :param endpoint: the name of the API's list; none if the API shows the rows as part of others.
    :param order: the fields by which the sitemap lists the rows; none if a row has no URL of its own.
    :param last_modified: returns the last public change of each of some rows, by primary key, where that is known.
    :param is_searched: whether search finds the rows.
    :param changes_at: the field with the time at which a row begins or ends to be public by the clock alone.
    :param changing: the rows to which ``changes_at`` applies, if not all.
    :param rows: the rows that can be public at all, if not all of the model.
    :param is_in_pdfs: whether a PDF may show the rows, so that a change of one makes PDFs anew.
    :param change_source: the source of its public changes for webhooks, if they are sent.
    """

    model: type[Model]
    parts: tuple[type[Model], ...] = ()
    endpoint: str = ""
    order: tuple[str, ...] = ()
    last_modified: Callable[[list[Any]], dict[Any, datetime.datetime]] | None = None
    is_searched: bool = False
    changes_at: str = ""
    changing: Callable[[], QuerySet] | None = None
    rows: Callable[[], QuerySet] | None = None
    is_in_pdfs: bool = False
    change_source: ChangeSource | None = None

    def visible_to(self, viewer: Viewer) -> QuerySet:
        """Return the rows that a viewer may see, in the order of the sitemap."""
        return visible_to(viewer, (self.rows or self.model._default_manager.all)()).order_by(*self.order)


_public: dict[type[Model], PublicModel] = {}
_parts: set[type[Model]] = set()
_private: set[type[Model]] = set()
_in_pdfs: set[type[Model]] = set()


def register_public(declared: PublicModel) -> None:
    """Declare that the rows of a model can be public, and how."""
    _public[declared.model] = declared
    _parts.update(declared.parts)
    if declared.is_in_pdfs:
        _in_pdfs.add(declared.model)


def register_part(*models: type[Model], is_in_pdfs: bool = False) -> None:
    """Declare models whose rows, or numbers made of them, are shown on public pages or with public rows of others."""
    _parts.update(models)
    if is_in_pdfs:
        _in_pdfs.update(models)


def register_private(*models: type[Model]) -> None:
    """Declare models that are never public, and whose changes are not either."""
    _private.update(models)


def public_models() -> Iterator[PublicModel]:
    """Yield the declared public models, in the order of their declaration."""
    yield from _public.values()


def moments_of_change() -> Iterator[tuple[QuerySet, str]]:
    """Yield the rows that begin or end to be public by the clock alone, each with the field that holds the moment."""
    for declared in _public.values():
        if declared.changes_at:
            yield (declared.changing or declared.model._default_manager.all)(), declared.changes_at


def change_sources() -> list[ChangeSource]:
    """Return the sources of public changes, in the order of their declaration."""
    return [declared.change_source for declared in _public.values() if declared.change_source]


def models_in_pdfs() -> tuple[type[Model], ...]:
    """Return the models of which a PDF may show rows."""
    return tuple(_in_pdfs)


def private_tables() -> frozenset[str]:
    """Return the names of the tables in which a change is never public."""
    return frozenset(model._meta.db_table for model in _private)


def undeclared(configs: Iterable[AppConfig]) -> list[type[Model]]:
    """Return the models of some apps that are declared neither public, nor part of what is, nor private."""
    known = {*_public, *_parts, *_private}
    return [
        model
        for config in configs
        for model in config.get_models(include_auto_created=True)
        if model not in known and not issubclass(model, Page) and not model._meta.auto_created
    ]


@register()
def check_declarations(app_configs: Iterable[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    """Check that each model of the product is declared public, part of something public, or private."""
    own = [config for config in app_configs or apps.get_app_configs() if config.name in settings.OWN_APPS]
    return [
        Error(
            f"{model._meta.label} is declared neither public nor private.",
            hint="Declare it in its app's public_models.py: register_public, register_part or register_private.",
            obj=model,
            id="core.E001",
        )
        for model in undeclared(own)
    ]
