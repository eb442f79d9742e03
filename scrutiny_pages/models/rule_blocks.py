"""Editor blocks for a panel's rules: one block for each rule type, built from its declared parameters."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import CheckboxSelectMultiple
from wagtail import blocks

from ..rules.panel_rules import read_rule
from ..rules.rule_types import RULES, Names, Rule, parameters_of
from ..rules.rule_types.parameters import (
    Choice,
    Choices,
    Flag,
    MemberKindSlug,
    Number,
    PanelSlug,
    PanelSlugs,
    Parameter,
    Text,
)
from .reference_data import MemberKind

SlugChoices = Callable[[], list[tuple[str, str]]]


def kind_choices() -> list[tuple[str, str]]:
    """Return every kind of member as a choice: slug and name."""
    return list(MemberKind.objects.values_list("slug", "name"))


def parameter_block(parameter: Parameter, panel_choices: SlugChoices) -> blocks.Block:
    """Return the editor block of a rule's parameter."""
    options: dict[str, Any] = {"help_text": parameter.help_text}
    if parameter.label:
        options["label"] = parameter.label
    if parameter.initial is not None:
        options["default"] = parameter.initial
    if not parameter.required:
        options["required"] = False
    match parameter:
        case Number(least=least, most=most):
            return blocks.IntegerBlock(**{"required": True} | options, min_value=least, max_value=most)
        case Flag():
            return blocks.BooleanBlock(**options)
        case Choices(choices=choices):
            return blocks.MultipleChoiceBlock(choices=choices, widget=CheckboxSelectMultiple, **options)
        case Choice(choices=choices):
            return blocks.ChoiceBlock(choices=choices, **options)
        case MemberKindSlug():
            return blocks.ChoiceBlock(choices=kind_choices, **options)
        case PanelSlug():
            return blocks.ChoiceBlock(choices=panel_choices, **options)
        case PanelSlugs():
            return blocks.MultipleChoiceBlock(choices=panel_choices, widget=CheckboxSelectMultiple, **options)
        case Text(max_length=longest, rows=0):
            return blocks.CharBlock(max_length=longest, **options)
        case Text(max_length=longest, rows=rows):
            return blocks.TextBlock(rows=rows, max_length=longest, **options)
    raise TypeError(f"No block shows a parameter of the type {type(parameter).__name__}.")


class RuleBlock(blocks.StructBlock):
    """A block that validates a rule, and renders it as the sentence that residents read."""

    def __init__(self, rule_type: type[Rule], panel_choices: SlugChoices):
        parameters = parameters_of(rule_type).items()
        # A migration keeps what is given here, so the words that it need not keep are set below.
        super().__init__(
            [(name, parameter_block(parameter, panel_choices)) for name, parameter in parameters],
            group=rule_type.group,
        )
        self.label = self.meta.label = rule_type.label
        self.meta.icon = rule_type.icon
        self.meta.label_format = rule_type.summary
        self.meta.description = rule_type.description
        self.meta.preview_value = rule_type.example

    def clean(self, value: Any) -> Any:
        """Raise StructBlockValidationError if the parameters contradict each other."""
        cleaned = super().clean(value)
        rule = read_rule(self.name, self.get_prep_value(cleaned))
        if rule and not self.is_deferred_validation and (problems := rule.problems()):
            raise blocks.StructBlockValidationError(
                {name: ValidationError(problem) for name, problem in problems.items()}
            )
        return cleaned

    def get_context(self, value: Any, parent_context: dict | None = None) -> dict:
        """Add the text of the rule."""
        rule = read_rule(self.name, self.get_prep_value(value))
        return super().get_context(value, parent_context) | {"words": rule.words(Names()) if rule else ""}

    class Meta:
        template = "blocks/rule.html"


class RuleBlocks(blocks.StreamBlock):
    """All rule types available to a panel.

    :param panel_choices: returns every panel as a choice. The panel model passes it in, since only that model knows
        its own table.
    """

    def __init__(self, panel_choices: SlugChoices):
        super().__init__([(kind, RuleBlock(rule_type, panel_choices)) for kind, rule_type in RULES.items()])
        self.meta.block_counts = {kind: {"max_num": 1} for kind, rule_type in RULES.items() if rule_type.is_single}

    class Meta:
        collapsed = True
        required = False
