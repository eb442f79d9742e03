"""Base class of pages whose text may refer to the landlord's settings."""

import copy
from collections.abc import Iterator
from typing import Any, Self, cast

from django.apps import apps
from django.db import models
from django.db.models.functions import Cast
from wagtail.models import Page

from cms.core.references import REFERENCES, is_showing, resolve, text_fields


class ReferringModel(models.Model):
    """A model whose references are resolved when it is shown, previewed or indexed for search."""

    # Set by ``resolve``: its text is what the settings say today, and not what is stored.
    is_resolved = False

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> Self:
        """Return the instance; resolve its references if it is fetched to be shown."""
        instance = super().from_db(*args, **kwargs)
        return cast("Self", resolve(instance)) if is_showing() else instance

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the instance.

        :raises RuntimeError: if its references are resolved, since they would be lost.
        """
        if self.is_resolved:
            raise RuntimeError(f"{self!r} was fetched to be shown, and must not be saved")
        super().save(*args, **kwargs)

    def make_preview_request(self, *args: Any, **kwargs: Any) -> Any:
        """Return the response of a preview, with the references resolved."""
        resolved = cast("Any", resolve(copy.copy(self)))
        return super(ReferringModel, resolved).make_preview_request(*args, **kwargs)  # type: ignore[misc]  # of Wagtail's

    def get_indexed_instance(self) -> "ReferringModel | None":
        """Return a copy with the references resolved, for the search index."""
        instance = super().get_indexed_instance()  # type: ignore[misc]  # of Wagtail's Page
        return instance and cast("ReferringModel", resolve(copy.copy(instance)))


def pages_that_refer(root: Page) -> Iterator[Page]:
    """Yield the pages of a tree whose stored text has a reference, as they are stored."""
    for model in apps.get_models():
        if not issubclass(model, ReferringModel):
            continue
        found = cast("Any", model).objects.filter(path__startswith=root.path)
        has_one = models.Q()
        for number, field in enumerate(text_fields(model)):
            name = f"text_{number}"
            found = found.annotate(**{name: Cast(field.name, models.TextField())})
            for reference in REFERENCES:
                has_one |= models.Q(**{f"{name}__contains": f"{{{reference}}}"})
        yield from found.filter(has_one)
