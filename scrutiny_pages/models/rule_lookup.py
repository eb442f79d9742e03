"""Records that panels' rules refer to, loaded once for a whole list of panels."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import SimpleLazyObject

from ..rules.panel_rules import read_rules
from ..rules.rule_types import Names, Rules
from .reference_data import MemberKind


class RuleLookup:
    """Lookup of the names that rules refer to, and of the rules that a panel inherits from another.

    Panels fetched together share one instance (see ``PanelQuerySet``), so twenty cost the two queries that one does.

    :param panels: a queryset of every panel. The caller passes it in, since the panel models import this module.
    """

    def __init__(self, panels: QuerySet):
        self.every_panel = panels

    @cached_property
    def names(self) -> Names:
        """Return the names by slug. Each kind of name is loaded on first use."""
        kinds: Any = SimpleLazyObject(self._kinds)
        panels: Any = SimpleLazyObject(self._panel_names)
        return Names(kinds, panels)

    def _kinds(self) -> Mapping[str, str]:
        return {kind.slug: kind.several for kind in MemberKind.objects.all()}

    def _panel_names(self) -> Mapping[str, str]:
        return {panel.slug: panel.name for panel in self._panels.values()}

    @cached_property
    def _panels(self) -> Mapping[int, Any]:
        return self.every_panel.in_bulk()

    def rules_of(self, panel: Any) -> Rules:
        """Return the rules of a panel: its own, and those inherited from another panel."""
        rules = read_rules(panel.rules.raw_data, self.names)
        seen, source = {panel.pk}, panel.rules_from_id
        while source and source not in seen:
            seen.add(source)
            other = self._panels[source]
            # The source of a rule is named only if it is a public panel.
            rules = rules.with_others(read_rules(other.rules.raw_data, source=other.name if other.live else ""))
            source = other.rules_from_id
        return rules
