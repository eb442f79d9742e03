"""Form fields that normalise typed values, with error messages in plain words."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from cms.core.text.cleaning import clean_identifier, clean_text

# Commas or spaces count only where they part thousands: 12,50 and 0,250 are no amounts, and 1 2 is two numbers.
WHOLE = r"(?:[0-9]+|[1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]{0,2}(?: [0-9]{3})+)"
NUMBER = re.compile(rf"[+-]? ?({WHOLE})(\.[0-9]+)?")
MONEY = re.compile(rf"(?:£ ?)?({WHOLE})(\.[0-9]{{1,2}})?(?: ?£)?")
LONGEST_NUMBER, LONGEST_FRACTION, LONGEST_AMOUNT = 12, 4, 9  # digits
NOT_DIGITS = re.compile(r"[^0-9]")
PHONE = re.compile(r"[0-9 ()+./-]+( ?(x|ext\.?) ?[0-9]{1,6})?", re.IGNORECASE)
PHONE_LIKE = "Enter a phone number, like 01632 960 001 or +44 808 157 0192"

# What a question asks for, where its words are as plain as this; any other label is quoted whole.
NAMED = "name|number|phone|telephone|mobile|email|address|postcode|job|role|age|street|estate|town|date of birth"
YOURS = re.compile(rf"(?:what(?:’s|'s| is) )?(your (?:[\w-]+ ){{0,3}}(?:{NAMED}))\??", re.IGNORECASE)
BARE = re.compile(
    r"(?:full )?name|first name|surname|(?:home |mobile |tele)?phone(?: number)?|mobile(?: number)?"
    r"|email(?: address)?|postcode|date of birth",
    re.IGNORECASE,
)


def missing_words(label: str, what: str = "an answer") -> str:
    """Return the error message for an empty question, such as "Enter your phone number".

    :param what: the noun to use if the label does not name it plainly, as in "Enter a number for “Homes”".
    """
    if found := YOURS.fullmatch(label.strip()):
        return f"Enter {found[1].lower()}"
    if BARE.fullmatch(label.strip()):
        return f"Enter your {label.strip().lower()}"
    return f"Enter {what} for “{label}”"


class PlainField(forms.CharField):
    """A text field with a maximum length, cleaned of invisible characters; single-line unless ``multiline``."""

    wanted = "an answer"

    def __init__(self, *, label: str, longest: int, required: bool, missing: str = "", multiline: bool = False):
        super().__init__(
            label=label,
            required=required,
            max_length=longest,
            error_messages={
                "required": missing or missing_words(label, self.wanted),
                "max_length": f"“{label}” must be {longest:,} characters or fewer",
            },
        )
        self.multiline = multiline

    def to_python(self, value: Any) -> str:
        """Return the text as it is stored."""
        return self.clean_typed(super().to_python(value) or "")

    def clean_typed(self, text: str) -> str:
        """Return the typed text without invisible characters."""
        return clean_text(text, multiline=self.multiline)

    def run_validators(self, value: Any) -> None:
        """Stop at the first error: checking the format of a megabyte would only cost time."""
        if value in self.empty_values:
            return
        for validator in self.validators:
            try:
                validator(value)
            except ValidationError as error:
                # Made anew: Django would read a per cent sign in an editor's words as a placeholder.
                raise ValidationError(
                    self.error_messages.get(error.code or "", error.message), code=error.code
                ) from None


class IdentifierField(PlainField):
    """A text that is compared, dialled or counted with, in which no invisible character is left."""

    def clean_typed(self, text: str) -> str:
        """Return the typed text as one line of plain characters."""
        return clean_identifier(text)


class EmailField(IdentifierField):
    """An email address."""

    wanted = "an email address"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(longest=254, **kwargs)
        self.validators = [*self.validators, validate_email]
        self.error_messages["invalid"] = "Enter an email address in the correct format, like name@example.com"


class PhoneField(IdentifierField):
    """A telephone number, kept as it was typed."""

    wanted = "a phone number"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(longest=40, **kwargs)
        self.validators = [*self.validators, self.check]
        self.error_messages["max_length"] = PHONE_LIKE

    @staticmethod
    def check(value: str) -> None:
        """Raise `ValidationError` for characters that telephone numbers do not have, or too few digits."""
        if not PHONE.fullmatch(value) or not 7 <= len(NOT_DIGITS.sub("", value)) <= 20:
            raise ValidationError(PHONE_LIKE)


class PostcodeField(IdentifierField):
    """A postcode; a UK postcode is stored in capitals, with its space."""

    UK = re.compile(r"(GIR|[A-Z]{1,2}[0-9][0-9A-Z]?)([0-9][A-Z]{2})")
    UNFINISHED = re.compile(r"[A-Z]{1,2}[0-9][0-9A-Z]?([0-9][A-Z]?)?")
    LIKE = "Enter a whole postcode, like CB7 4AA"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(longest=12, **kwargs)
        self.error_messages["max_length"] = self.LIKE

    def clean(self, value: Any) -> str:
        """Return the postcode.

        A foreign postcode is kept as typed: people may ask from abroad.

        :raises ValidationError: if it has no digit, or ends too early.
        """
        text = super().clean(value).upper()
        together = re.sub("[ .-]", "", text)
        if found := self.UK.fullmatch(together):
            return f"{found[1]} {found[2]}"
        if text and (not re.search("[0-9]", text) or self.UNFINISHED.fullmatch(together)):
            raise ValidationError(self.LIKE)
        return text


class NumberField(IdentifierField):
    """A number, stored in its shortest notation so that nothing is rounded."""

    wanted = "a number"

    def __init__(
        self, *, minimum: int | None = None, maximum: int | None = None, decimals: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(longest=30, **kwargs)
        self.minimum, self.maximum, self.decimals = minimum, maximum, decimals
        self.error_messages["max_length"] = f"“{self.label}” is too large a number"

    def clean(self, value: Any) -> str:
        """Return the number without thousands separators, insignificant zeros or a plus sign.

        :raises ValidationError: if it is no number, or a comma or a space does not separate thousands.
        """
        text = super().clean(value)
        if not text:
            return ""
        found = NUMBER.fullmatch(text)
        if not found:
            like = "12 or 1,250" if "," in text or " " in text else "12"
            raise ValidationError(f"“{self.label}” must be a number, like {like}")
        whole, fraction = NOT_DIGITS.sub("", found[1]), found[2] or ""
        if len(whole) > LONGEST_NUMBER:
            raise ValidationError(f"“{self.label}” is too large a number")
        if len(fraction) > LONGEST_FRACTION + 1:
            raise ValidationError(f"“{self.label}” must have {LONGEST_FRACTION} digits or fewer after the point")
        number = Decimal(f"{'-' if text.startswith('-') else ''}{whole}{fraction}")
        # On the continent, 1.000 is a thousand: to read it as 1 would be a guess.
        if not self.decimals and (number % 1 or len(fraction) > 3):
            raise ValidationError(f"“{self.label}” must be a whole number, like 12")
        if self.minimum is not None and number < self.minimum:
            raise ValidationError(f"“{self.label}” must be {self.minimum:,} or more")
        if self.maximum is not None and number > self.maximum:
            raise ValidationError(f"“{self.label}” must be {self.maximum:,} or less")
        return str(int(number)) if number == number.to_integral_value() else f"{number.normalize():f}"


class MoneyField(IdentifierField):
    """An amount in pounds, stored with its pence."""

    wanted = "an amount"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(longest=30, **kwargs)
        self.error_messages["max_length"] = f"“{self.label}” is too large an amount"

    def clean(self, value: Any) -> str:
        """Return the amount as pounds and two digits of pence, without a pound sign or thousands separators.

        :raises ValidationError: for anything else: if a comma does not separate thousands, 12,50 could be £12.50 or
            £1,250.
        """
        text = super().clean(value)
        if not text:
            return ""
        found = MONEY.fullmatch(text)
        if not found:
            raise ValidationError(f"“{self.label}” must be an amount in pounds, like 12.50 or 1,250")
        whole = NOT_DIGITS.sub("", found[1])
        if len(whole) > LONGEST_AMOUNT:
            raise ValidationError(f"“{self.label}” is too large an amount")
        return f"{Decimal(whole + (found[2] or '')):.2f}"


class FilesInput(forms.FileInput):
    """A file input that returns all files of a field, not only the last."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list:
        """Return the uploaded files of a field; a browser without a file leaves the field out."""
        return files.getlist(name) if hasattr(files, "getlist") else []


class FilesField(forms.Field):
    """Uploaded files; ``uploads.py`` decides whether they can be kept."""

    widget = FilesInput


class TokensField(forms.Field):
    """Tokens of files that were stored before; ``uploads.py`` checks that they belong to this form."""

    widget = forms.MultipleHiddenInput


class ChoiceField(forms.ChoiceField):
    """A choice with one error message: an invalid choice is a forgery or comes from an outdated page."""

    def __init__(self, *, wrong: str, **kwargs: Any) -> None:
        # The second message is a pattern, so a per cent sign in an editor's words is doubled.
        messages = {"required": wrong, "invalid_choice": wrong.replace("%", "%%")}
        super().__init__(error_messages=messages, **kwargs)


class ChoicesField(ChoiceField, forms.MultipleChoiceField):
    """A multiple choice with one error message."""
