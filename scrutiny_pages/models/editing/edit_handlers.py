"""Parts of the admin's edit forms that Wagtail does not have."""

from django.contrib.auth.context_processors import PermWrapper
from wagtail.admin.panels import HelpPanel, MultiFieldPanel


class PermittedHelpPanel(HelpPanel):
    """A help panel whose template has ``perms``, so that it offers only what this person may do."""

    class BoundPanel(HelpPanel.BoundPanel):
        """The same with one object in it."""

        def get_context_data(self, parent_context: dict | None = None) -> dict:
            """Add the permissions of whoever looks."""
            return super().get_context_data(parent_context) | {"perms": PermWrapper(self.request.user)}


class FoldedPanel(MultiFieldPanel):
    """Fields that are folded away until they are wanted, for use inside an inline panel, where Wagtail folds nothing.

    :param says: the name of something in the instance that tells in words what is folded away.
    """

    def __init__(self, children=(), *args, says: str = "", **kwargs):
        super().__init__(children, *args, **kwargs)
        self.says = says

    def clone_kwargs(self) -> dict:
        """Keep the words when Wagtail binds this to a model."""
        return super().clone_kwargs() | {"says": self.says}

    class BoundPanel(MultiFieldPanel.BoundPanel):
        """The same with one object in it."""

        template_name = "scrutiny_pages/admin/folded_panel.html"

        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.heading = ""  # it stands on the fold

        def words(self) -> str:
            """Describe what is folded away."""
            return getattr(self.instance, self.panel.says, "") if self.panel.says else ""
