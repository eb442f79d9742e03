"""Form fields that turn what people type into plain values, and say in words what is wrong with it."""

import re
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
NUMBER = re.compile(r"[+-]?[0-9]{1,12}(\.[0-9]{1,4})?")
MONEY = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2})?")
NOT_DIGITS = re.compile(r"[^0-9]")
PHONE = re.compile(r"[0-9 ()+./-]+( ?(x|ext\.?) ?[0-9]{1,6})?", re.IGNORECASE)


def refuse_unreadable(value: str) -> None:
    """Refuse control characters and halves of characters: databases and spreadsheets choke on them."""
    if UNREADABLE.search(value):
        raise ValidationError("There is a character in this answer that we cannot read. Delete it and type it again.")


class PlainField(forms.CharField):
    """Text of a sensible length, with line ends counted once."""

    def __init__(self, *, label: str, longest: int, required: bool, missing: str = ""):
        super().__init__(
            label=label,
            required=required,
            max_length=longest,
            error_messages={
                "required": missing or f"Enter an answer for “{label}”",
                "max_length": f"“{label}” must be {longest:,} characters or fewer",
            },
        )
        self.validators = [refuse_unreadable, *self.validators]

    def to_python(self, value) -> str:
        """Give the text without the spaces around it; a browser's line ends are two characters, a person's are one."""
        text = super().to_python(value)
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def run_validators(self, value) -> None:
        """Stop at the first thing wrong: checking the shape of a megabyte would only cost time."""
        if value in self.empty_values:
            return
        for validator in self.validators:
            try:
                validator(value)
            except ValidationError as error:
                # Made anew: Django would read a per cent sign in an editor's words as a placeholder.
                raise ValidationError(self.error_messages.get(error.code, error.message), code=error.code) from None


class EmailField(PlainField):
    """An email address."""

    def __init__(self, **kwargs):
        super().__init__(longest=254, **kwargs)
        self.validators = [*self.validators, validate_email]
        self.error_messages["invalid"] = "Enter an email address in the correct format, like name@example.com"


class PhoneField(PlainField):
    """A telephone number, kept as it was typed."""

    def __init__(self, **kwargs):
        super().__init__(longest=40, **kwargs)
        self.validators = [*self.validators, self.check]

    @staticmethod
    def check(value: str) -> None:
        """Refuse what has other characters than telephone numbers do, or too few digits."""
        if not PHONE.fullmatch(value) or not 7 <= len(NOT_DIGITS.sub("", value)) <= 20:
            raise ValidationError("Enter a phone number, like 01632 960 001 or +44 808 157 0192")


class NumberField(PlainField):
    """A number, kept as its shortest spelling so that nothing is rounded."""

    def __init__(self, *, minimum: int | None = None, maximum: int | None = None, decimals: bool = False, **kwargs):
        super().__init__(longest=30, **kwargs)
        self.minimum, self.maximum, self.decimals = minimum, maximum, decimals
        self.error_messages["max_length"] = f"“{self.label}” is too large a number"

    def clean(self, value) -> str:
        """Give the number without thousands separators, zeros that say nothing, or a plus sign."""
        text = super().clean(value).replace(",", "").replace(" ", "")
        if not text:
            return ""
        if not NUMBER.fullmatch(text):
            wrong = "is too large a number" if re.fullmatch(r"[+-]?[0-9]{13,}", text) else "must be a number, like 12"
            raise ValidationError(f"“{self.label}” {wrong}")
        number = Decimal(text)
        if number % 1 and not self.decimals:
            raise ValidationError(f"“{self.label}” must be a whole number")
        if self.minimum is not None and number < self.minimum:
            raise ValidationError(f"“{self.label}” must be {self.minimum:,} or more")
        if self.maximum is not None and number > self.maximum:
            raise ValidationError(f"“{self.label}” must be {self.maximum:,} or less")
        whole = number == number.to_integral_value()
        return str(int(number)) if whole else f"{number.normalize():f}"


class MoneyField(PlainField):
    """An amount in pounds, kept with its pence."""

    def __init__(self, **kwargs):
        super().__init__(longest=30, **kwargs)
        self.error_messages["max_length"] = f"“{self.label}” is too large an amount"

    def clean(self, value) -> str:
        """Give the amount as pounds and two digits of pence, without a pound sign or thousands separators."""
        text = super().clean(value).removeprefix("£").replace(",", "").replace(" ", "")
        if not text:
            return ""
        if re.fullmatch(r"[0-9]{10,}(\.[0-9]*)?", text):
            raise ValidationError(f"“{self.label}” is too large an amount")
        if not MONEY.fullmatch(text):
            raise ValidationError(f"“{self.label}” must be an amount in pounds, like 12 or 12.50")
        return f"{Decimal(text):.2f}"


class FilesInput(forms.FileInput):
    """Gives all the files of a box, not only the last."""

    allow_multiple_selected = True

    def value_from_datadict(self, data, files, name) -> list:
        """Give what was sent for a box, which a browser without a file leaves out."""
        return files.getlist(name) if hasattr(files, "getlist") else []


class FilesField(forms.Field):
    """Files, as they were sent; whether they can be kept is for ``uploads.py`` to say."""

    widget = FilesInput


class TokensField(forms.Field):
    """Tokens of files that were kept before; whether they are this form's is for ``uploads.py`` to say."""

    widget = forms.MultipleHiddenInput


class ChoiceField(forms.ChoiceField):
    """One of the answers offered; anything else is a forgery or an old page, and is answered alike."""

    def __init__(self, *, wrong: str, **kwargs):
        # The second message is a pattern, so a per cent sign in an editor's words is doubled.
        messages = {"required": wrong, "invalid_choice": wrong.replace("%", "%%")}
        super().__init__(error_messages=messages, **kwargs)


class ChoicesField(ChoiceField, forms.MultipleChoiceField):
    """Some of the answers offered."""
