"""Tags for what came of a review or a panel: pages above it in time, so its model cannot import them."""

from django import template
from django.template import Context

from ..presenters import panels
from ..selectors import related_content

register = template.Library()
register.simple_tag(related_content.work_of_panel)
register.simple_tag(related_content.work_of_review)


@register.simple_tag(takes_context=True)
def contents_of_panel(context: Context, work: dict) -> list[dict]:
    """Return the parts of a panel's page that have something to show, as titles and addresses within it."""
    return panels.contents_of_panel(context.flatten() | work)
