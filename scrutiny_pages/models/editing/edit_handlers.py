"""Panels for the admin's edit forms that Wagtail does not provide."""

from typing import Any

from django.contrib.auth.context_processors import PermWrapper
from wagtail.admin.panels import HelpPanel, MultiFieldPanel


class PermittedHelpPanel(HelpPanel):
    """A help panel whose template has ``perms``, to show only the links that the user has permission for."""

    class BoundPanel(HelpPanel.BoundPanel):
        """The panel bound to an instance."""

        def get_context_data(self, parent_context: dict | None = None) -> dict:
            """Add the user's permissions."""
            return super().get_context_data(parent_context) | {"perms": PermWrapper(self.request.user)}


class FoldedPanel(MultiFieldPanel):
    """A collapsed group of fields inside an inline panel, where Wagtail has no collapsible panels.

    :param says: the name of an attribute of the instance that summarises the collapsed fields.
    """

    def __init__(self, children: Any = (), *args: Any, says: str = "", **kwargs: Any) -> None:
        super().__init__(children, *args, **kwargs)
        self.says = says

    def clone_kwargs(self) -> dict:
        """Pass ``says`` on when Wagtail binds the panel to a model."""
        return super().clone_kwargs() | {"says": self.says}

    class BoundPanel(MultiFieldPanel.BoundPanel):
        """The panel bound to an instance."""

        template_name = "scrutiny_pages/admin/folded_panel.html"

        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.heading = ""  # it stands on the fold

        def words(self) -> str:
            """Return the summary of the collapsed fields."""
            return getattr(self.instance, self.panel.says, "") if self.panel.says else ""
