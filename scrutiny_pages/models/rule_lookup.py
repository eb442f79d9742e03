"""What panels' rules need to know of each other, read once for a whole list of panels."""

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from django.apps import apps
from django.utils.functional import SimpleLazyObject

from ..rules.panel_rules import Rules
from ..rules.rule_types import Names

if TYPE_CHECKING:
    from . import Panel


class RuleBook:
    """The names that rules speak of, and the rules that one panel takes from another.

    Panels fetched together share one book (see ``PanelQuerySet``), so twenty cost the two queries that one does.
    """

    @cached_property
    def names(self) -> Names:
        """Give names by slug. Each sort is read when a rule first says one."""
        return Names(SimpleLazyObject(self._kinds), SimpleLazyObject(self._panel_names))

    def _kinds(self) -> Mapping[str, str]:
        return {kind.slug: kind.several for kind in apps.get_model("scrutiny_pages", "MemberKind").objects.all()}

    def _panel_names(self) -> Mapping[str, str]:
        return {panel.slug: panel.name for panel in self._panels.values()}

    @cached_property
    def _panels(self) -> Mapping[int, "Panel"]:
        return apps.get_model("scrutiny_pages", "Panel").objects.in_bulk()

    def rules_of(self, panel: "Panel") -> Rules:
        """Give the rules that a panel goes by: its own, and those it takes from another panel."""
        rules = Rules.read(panel.rules.raw_data, self.names)
        seen, source = {panel.pk}, panel.rules_from_id
        while source and source not in seen:
            seen.add(source)
            other = self._panels[source]
            # Whose a rule is, is told of a public panel only.
            rules = rules.with_others(Rules.read(other.rules.raw_data, source=other.name if other.live else ""))
            source = other.rules_from_id
        return rules
