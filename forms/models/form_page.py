"""Forms that editors build."""

from cms.core.models import BasePage


class FormPage(BasePage):
    """A form."""

    parent_page_types = ["home.HomePage", "home.StandardPage"]
    subpage_types: list[str] = []
