"""Blocks of the question types, from which editors build forms.

``questions/`` implements the types. To add one, write its class there and its block in the module of the same name
here.
"""

from wagtail import blocks

from . import choices, files, others, parts, records, texts  # noqa: F401  (each adds its blocks)
from .base import BLOCKS


class QuestionsBlock(blocks.StreamBlock):
    """A stream of all question types."""

    vars().update({block.question.type: block() for block in sorted(BLOCKS, key=lambda block: block.menu_order)})

    class Meta:
        collapsed = True  # a form of twenty questions opens as a list of twenty lines
