"""Base class of pages whose text may refer to the landlord's settings."""

import copy
from collections.abc import Iterator

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
    def from_db(cls, *args, **kwargs) -> "ReferringModel":
        """Return the instance; resolve its references if it is fetched to be shown."""
        instance = super().from_db(*args, **kwargs)
        return resolve(instance) if is_showing() else instance

    def save(self, *args, **kwargs) -> None:
        """Save the instance.

        :raises RuntimeError: if its references are resolved, since they would be lost.
        """
        if self.is_resolved:
            raise RuntimeError(f"{self!r} was fetched to be shown, and must not be saved")
        super().save(*args, **kwargs)

    def make_preview_request(self, *args, **kwargs):
        """Return the response of a preview, with the references resolved."""
        return super(ReferringModel, resolve(copy.copy(self))).make_preview_request(*args, **kwargs)

    def get_indexed_instance(self) -> "ReferringModel | None":
        """Return a copy with the references resolved, for the search index."""
        instance = super().get_indexed_instance()
        return instance and resolve(copy.copy(instance))


def pages_that_refer(root: Page) -> Iterator[Page]:
    """Yield the pages of a tree whose stored text has a reference, as they are stored."""
    for model in apps.get_models():
        if not issubclass(model, ReferringModel):
            continue
        found = model.objects.filter(path__startswith=root.path)
        has_one = models.Q()
        for number, field in enumerate(text_fields(model)):
            name = f"text_{number}"
            found = found.annotate(**{name: Cast(field.name, models.TextField())})
            for reference in REFERENCES:
                has_one |= models.Q(**{f"{name}__contains": f"{{{reference}}}"})
        yield from found.filter(has_one)
