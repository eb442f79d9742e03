"""Parts of the admin's edit forms that Wagtail does not have."""

from wagtail.admin.panels import MultiFieldPanel


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
            """Say what is folded away."""
            return getattr(self.instance, self.panel.says, "") if self.panel.says else ""
