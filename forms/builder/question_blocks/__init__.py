"""The question types that editors build forms from. What each does with an answer is in ``questions/``.

To add one, write its class in ``questions/`` and its block in the module of the same name here.
"""

from wagtail import blocks

from . import choices, files, others, parts, records, texts  # noqa: F401  (each adds its blocks)
from .base import BLOCKS


class QuestionsBlock(blocks.StreamBlock):
    """Everything that can be asked."""

    vars().update({block.question.type: block() for block in sorted(BLOCKS, key=lambda block: block.menu_order)})

    class Meta:
        collapsed = True  # a form of twenty questions opens as a list of twenty lines
