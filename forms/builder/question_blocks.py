"""The question types that editors build forms from. What each does with an answer is in ``questions/``.

A block's name here is the question's type in every stored definition: it never changes.
"""

from django.core.exceptions import ValidationError
from django.utils.html import strip_tags
from wagtail import blocks

from cms.core.blocks import TextBlock

from ..enums import Counts, YesNo
from ..questions import question_from
from ..questions.agreements import agreement_choices, in_force
from .condition_blocks import ConditionBlock
from .definition import stated

LAST = ["required", "handlers_only", "when"]


class ItemBlock(blocks.StructBlock):
    """Anything that stands in a section."""

    when = ConditionBlock()

    def get_form_layout(self):
        """Put what belongs to one type before what every type has."""
        own = [name for name in self.child_blocks if name not in LAST]
        return blocks.BlockGroup(own + [name for name in LAST if name in self.child_blocks])

    def get_context(self, value, parent_context=None):
        """Add the question as residents see it, for the editor's preview."""
        context = super().get_context(value, parent_context)
        settings = {name: setting for name, setting in value.items() if name != "when"}
        question = question_from({"id": "preview", "type": self.name, **in_force(stated(**settings))})
        return context | {"field": question.component(None)}

    class Meta:
        template = "forms/blocks/question.html"


class QuestionBlock(ItemBlock):
    """A question as people read it: its words and a hint."""

    label = blocks.CharBlock(max_length=250, label="Question", help_text="As you would ask it face to face.")
    hint = blocks.CharBlock(required=False, max_length=400, help_text="Help that most people need, in a sentence.")

    class Meta:
        group = "Questions"
        label_format = "{label}"


class AnswerBlock(QuestionBlock):
    """A question whose answer is kept."""

    required = blocks.BooleanBlock(required=False, default=True, label="Must be answered")
    handlers_only = blocks.BooleanBlock(
        required=False,
        label="Handlers only",
        help_text="Tick for support needs, health and the like: it is left out of lists, print-outs and exports.",
    )


class ShortTextBlock(AnswerBlock):
    """A word or a line."""

    class Meta:
        icon = "minus"
        label = "Short text"
        description = "A word or a line, up to 200 characters."
        preview_value = {"label": "Which estate or street do you live on?"}


class LongTextBlock(AnswerBlock):
    """Several sentences."""

    class Meta:
        icon = "pilcrow"
        label = "Long text"
        description = "Several sentences, up to 5,000 characters, with a count of those left."
        preview_value = {"label": "Why do you want to join?", "hint": "A few lines are enough."}


class NameBlock(AnswerBlock):
    """A person's title, first name and surname: one question in three boxes."""

    class Meta:
        icon = "user"
        label = "Name"
        description = "Title, first name and surname, in three boxes that browsers can fill in. One name is enough."
        preview_value = {"label": "Your name"}


class EmailBlock(AnswerBlock):
    """An email address."""

    class Meta:
        icon = "mail"
        label = "Email address"
        description = "An email address, checked for its shape."
        preview_value = {"label": "Your email address", "hint": "We only use it about this form."}


class PhoneBlock(AnswerBlock):
    """A telephone number."""

    class Meta:
        icon = "mobile-alt"
        label = "Phone number"
        description = "A telephone number, however people write it."
        preview_value = {"label": "Your phone number"}


class AddressBlock(AnswerBlock):
    """A postal address."""

    class Meta:
        icon = "home"
        label = "Address"
        description = "A postal address in five boxes that browsers can fill in."
        preview_value = {"label": "Your address"}


class YesNoBlock(AnswerBlock):
    """Yes or no, with room to say more after a yes."""

    follow_up = blocks.CharBlock(
        required=False,
        max_length=250,
        label="Question after a yes",
        help_text="Such as: If yes, please give details. Leave empty to ask nothing more.",
    )
    follow_up_required = blocks.BooleanBlock(required=False, label="After a yes, it must be answered")

    class Meta:
        icon = "help"
        label = "Yes or no"
        description = "Yes or no. After a yes it can ask for details."
        preview_value = {
            "label": "Are you involved with us in any other way?",
            "follow_up": "If yes, please give details",
        }


class OptionsBlock(blocks.ListBlock):
    """The answers to choose from."""

    def __init__(self, **kwargs):
        super().__init__(
            blocks.CharBlock(max_length=150), **{"min_num": 2, "max_num": 100, "default": ["", ""]} | kwargs
        )

    def clean(self, value):
        """Refuse the same answer twice: nobody could tell which was meant."""
        cleaned = super().clean(value)
        seen: set[str] = set()
        errors = {}
        for index, option in enumerate(cleaned):
            if option in seen:
                errors[index] = ValidationError("This answer is in the list already.")
            seen.add(option)
        if errors:
            raise blocks.list_block.ListBlockValidationError(block_errors=errors)
        return cleaned


class RadiosBlock(AnswerBlock):
    """One answer from a few."""

    options = OptionsBlock(label="Answers to choose from")

    class Meta:
        icon = "radio-full"
        label = "Choose one"
        description = "One answer from a few, all of them in view."
        preview_value = {
            "label": "Where would you like to meet?",
            "options": ["In person", "By video call", "By phone"],
        }


class CheckboxesBlock(AnswerBlock):
    """Any number of answers from a few."""

    options = OptionsBlock(label="Answers to choose from", min_num=1)

    class Meta:
        icon = "list-ul"
        label = "Choose any"
        description = "Any number of answers from a few, all of them in view."
        preview_value = {"label": "When could you come?", "options": ["Mornings", "Afternoons", "Evenings"]}


class SelectBlock(AnswerBlock):
    """One answer from many."""

    options = OptionsBlock(label="Answers to choose from")

    class Meta:
        icon = "arrow-down"
        label = "Choose one from a long list"
        description = "One answer from a list that drops down. For fewer than ten answers, Choose one is easier to use."
        preview_value = {"label": "Your area", "options": ["North", "South", "East", "West"]}


class NumberBlock(AnswerBlock):
    """An amount."""

    unit = blocks.CharBlock(required=False, max_length=20, help_text="Shown after the box, such as hours.")
    minimum = blocks.IntegerBlock(required=False, label="Smallest allowed")
    maximum = blocks.IntegerBlock(required=False, label="Largest allowed")
    decimals = blocks.BooleanBlock(required=False, label="Allow parts, such as 1.5")
    counts = blocks.ChoiceBlock(
        choices=[(kind.value, kind.label) for kind in (Counts.PEOPLE, Counts.HOURS)],
        required=False,
        label="Adds up to",
        help_text="For reports on activity: what this number counts, if anything.",
    )

    def clean(self, value):
        """Refuse limits that nothing could meet."""
        cleaned = super().clean(value)
        low, high = cleaned["minimum"], cleaned["maximum"]
        if low is not None and high is not None and low > high:
            message = ValidationError("This is smaller than the smallest allowed.")
            raise blocks.StructBlockValidationError({"maximum": message})
        return cleaned

    class Meta:
        icon = "decimal"
        label = "Number"
        description = "A number, with limits if you set them."
        preview_value = {"label": "How many hours a month could you give?", "unit": "hours"}


class MoneyBlock(AnswerBlock):
    """An amount in pounds."""

    counts = blocks.ChoiceBlock(
        choices=[(Counts.POUNDS.value, Counts.POUNDS.label)],
        required=False,
        label="Adds up to",
        help_text="For reports on activity: choose pounds if this is to be added to the others.",
    )

    class Meta:
        icon = "pick"
        label = "Money"
        description = "An amount in pounds and pence."
        preview_value = {"label": "What did it cost?", "hint": "For example, 12 or 12.50"}


class DateBlock(AnswerBlock):
    """A day that people know: day, month and year."""

    class Meta:
        icon = "date"
        label = "Date"
        description = "A date that people know, typed as day, month and year."
        preview_value = {"label": "When did your tenancy start?", "hint": "For example, 27 3 2019"}


class FileBlock(AnswerBlock):
    """Files."""

    most = blocks.IntegerBlock(default=1, min_value=1, max_value=5, label="How many files at most")

    class Meta:
        icon = "upload"
        label = "File"
        description = "A picture, PDF, Word, Excel, OpenDocument or plain text file, up to 7 MB. Only handlers see it."
        preview_value = {"label": "A photo of what you mean", "most": 1}


class PanelChoiceBlock(AnswerBlock):
    """One of the panels."""

    class Meta:
        icon = "group"
        label = "Choose a panel"
        description = "One of the panels that the public can see. The list keeps itself up to date."
        preview_value = {"label": "Which panel is it about?"}


class ReviewChoiceBlock(AnswerBlock):
    """One of the reviews."""

    class Meta:
        icon = "search"
        label = "Choose a review"
        description = "One of the reviews that the public can see. The list keeps itself up to date."
        preview_value = {"label": "Which review is it about?"}


class RecommendationChoiceBlock(AnswerBlock):
    """One of the recommendations."""

    class Meta:
        icon = "check"
        label = "Choose a recommendation"
        description = "One of the recommendations that the public can see. The list keeps itself up to date."
        preview_value = {"label": "Which recommendation is it about?"}


class DeclarationBlock(AnswerBlock):
    """Words to agree to: the editor's own, or those of an agreement. The version that was sent keeps the words."""

    accepts = blocks.ChoiceBlock(
        choices=agreement_choices,
        required=False,
        label="Accepts an agreement",
        help_text="People read its version in force, and who is a member has it recorded when they send this.",
    )
    text = TextBlock(required=False, label="Or your own words", help_text="Used if no agreement is chosen.")
    agreement = blocks.CharBlock(max_length=150, default="I agree", label="Words beside the box")

    def clean(self, value):
        """Require an agreement, or words of the editor's own."""
        cleaned = super().clean(value)
        if not cleaned.get("accepts") and not strip_tags(getattr(cleaned.get("text"), "source", "")).strip():
            raise blocks.StructBlockValidationError(
                block_errors={"text": ValidationError("Write what people agree to, or choose an agreement.")}
            )
        return cleaned

    class Meta:
        icon = "tick-inverse"
        label = "Declaration"
        description = "Words to agree to, and a box to tick."
        preview_value = {
            "label": "Declaration",
            "text": "<p>What I have told you is true as far as I know.</p>",
            "agreement": "I agree",
        }


class RouteBlock(blocks.StructBlock):
    """Where somebody can go instead."""

    page = blocks.PageChooserBlock(required=False, label="Page or form")
    label = blocks.CharBlock(
        required=False, max_length=120, label="Words of the link", help_text="Empty: the title of the page."
    )

    class Meta:
        icon = "redirect"
        label = "Another way for them"
        label_format = "{label}"
        collapsed = True


class EligibilityBlock(QuestionBlock):
    """A yes or no that can rule a person out. The answer is never stored."""

    ruled_out = blocks.ChoiceBlock(choices=YesNo.choices, default=YesNo.NO, label="Ruled out by")
    words = TextBlock(label="What a person who is ruled out reads", help_text="Be kind, and say what else they can do.")
    route = RouteBlock()

    class Meta:
        icon = "lock-open"
        label = "Who can apply"
        description = (
            "A yes or no that can rule a person out, with the words they then read. The answer is never stored."
        )
        preview_value = {
            "label": "Do you live in one of our homes?",
            "ruled_out": "no",
            "words": "<p>You have to be 18 or over.</p>",
        }


class ContentBlock(ItemBlock):
    """Words between questions. Nothing is asked."""

    text = TextBlock()

    class Meta:
        icon = "doc-full"
        label = "Text"
        description = "Words between questions. Nothing is asked."
        group = "Other"
        preview_value = {"text": "<p>The next questions are about you.</p>"}


class QuestionsBlock(blocks.StreamBlock):
    """Everything that can be asked."""

    short_text = ShortTextBlock()
    long_text = LongTextBlock()
    name = NameBlock()
    email = EmailBlock()
    phone = PhoneBlock()
    address = AddressBlock()
    yes_no = YesNoBlock()
    radios = RadiosBlock()
    checkboxes = CheckboxesBlock()
    select = SelectBlock()
    number = NumberBlock()
    money = MoneyBlock()
    date = DateBlock()
    file = FileBlock()
    panel_choice = PanelChoiceBlock()
    review_choice = ReviewChoiceBlock()
    recommendation_choice = RecommendationChoiceBlock()
    declaration = DeclarationBlock()
    eligibility = EligibilityBlock()
    content = ContentBlock()

    class Meta:
        collapsed = True  # a form of twenty questions opens as a list of twenty lines
