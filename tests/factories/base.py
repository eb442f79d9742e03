"""Types of the factories: a call returns a row of the model, which factory_boy's own types do not state."""

from typing import TYPE_CHECKING, Any, Generic, TypeVar

import factory

Row = TypeVar("Row")


class Made(Generic[Row]):
    """The type of a call: at run time, factory_boy's metaclass returns a row."""

    if TYPE_CHECKING:

        def __new__(cls, **fields: Any) -> Row: ...  # type: ignore[misc]  # a row is no factory


class ModelFactory(Made[Row], factory.django.DjangoModelFactory[Row]):
    """A factory of rows of one model."""

    class Meta:
        abstract = True
