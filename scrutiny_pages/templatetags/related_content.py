"""Template tags for content related to a review or a panel.

The selectors behind them import the models, so the models' ``get_context`` cannot call them.
"""

from django import template
from django.template import Context

from ..presenters import panels
from ..selectors import related_content

register = template.Library()
register.simple_tag(related_content.work_of_panel)
register.simple_tag(related_content.work_of_review)


@register.simple_tag(takes_context=True)
def contents_of_panel(context: Context, work: dict) -> list[dict]:
    """Return the table of contents of a panel's page: title and anchor of each section that is not empty."""
    return panels.contents_of_panel(context.flatten() | work)
