"""StreamField blocks that list reference data: agreements, research methods and standards."""

from typing import Any

from wagtail import blocks

from cms.core.block_serializers import RichTextRef
from cms.core.blocks import LiveBlock
from cms.core.visibility import Viewer, visible_to

from ..models.agreement import Agreement
from ..models.reference_data import ResearchMethod, Standard


class AgreementsBlock(LiveBlock):
    """The public agreements, each linked to the version in force (W2, C Panel code)."""

    heading = blocks.CharBlock(default="What members agree to")

    def live(self, value: Any, viewer: Viewer) -> dict:
        """Return the template context with the public agreements that have a version in force today."""
        agreements = visible_to(viewer, Agreement.objects.all()).prefetch_related("versions")
        return {"agreements": [each for each in agreements if each.version_in_force(viewer.today)]}

    def as_data(self, live: dict) -> list[dict]:
        """Serialise the name and URL of each agreement."""
        return [{"name": each.name, "url": each.get_absolute_url()} for each in live["agreements"]]

    class Meta:
        icon = "form"
        label = "What members agree to"
        description = "Links to the codes and agreements, in the words that count today. Keeps itself up to date."
        template = "blocks/agreements.html"
        preview_value = {"heading": "What members agree to"}


class MethodsBlock(LiveBlock):
    """The research methods, each with its suggested questions (W8, W45, G 4)."""

    heading = blocks.CharBlock(default="How we find things out")

    def live(self, value: Any, viewer: Viewer) -> dict:
        """Return the template context with every research method."""
        return {"methods": ResearchMethod.objects.all()}

    def as_data(self, live: dict) -> list[dict]:
        """Serialise each method with its questions."""
        return [{"name": each.name, "prompts": RichTextRef(each.prompts)} for each in live["methods"]]

    class Meta:
        icon = "search"
        label = "How we find things out"
        description = "Every research method, with its questions. Keeps itself up to date."
        template = "blocks/methods.html"
        preview_value = {"heading": "How we find things out"}


class StandardsBlock(LiveBlock):
    """The standards that the landlord is measured against, and how often each is checked (W2)."""

    heading = blocks.CharBlock(default="What was promised")

    def live(self, value: Any, viewer: Viewer) -> dict:
        """Return the template context with every standard."""
        return {"standards": Standard.objects.all()}

    def as_data(self, live: dict) -> list[dict]:
        """Serialise each standard with how it is checked."""
        return [{"code": each.code, "name": each.name, "checked": each.checked} for each in live["standards"]]

    class Meta:
        icon = "clipboard-list"
        label = "What was promised"
        description = "Every local offer or measure, and how it is checked. Keeps itself up to date."
        template = "blocks/standards.html"
        preview_value = {"heading": "What was promised"}


class ListBlocks(blocks.StreamBlock):
    """Blocks that list reference data, available to pages."""

    agreements = AgreementsBlock()
    methods = MethodsBlock()
    standards = StandardsBlock()
