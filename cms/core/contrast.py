"""Contrast of colours (WCAG 2.2, success criterion 1.4.3)."""

import re

from django.core.exceptions import ValidationError

MINIMUM_CONTRAST = 4.5
HEX_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def _luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio, from 1 to 21, of two colours written as ``#rrggbb``."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def validate_readable_on_white(colour: str) -> None:
    """Raise ValidationError unless the value is ``#rrggbb`` with at least 4.5:1 contrast on white."""
    if not HEX_COLOUR.fullmatch(colour):
        raise ValidationError("Write the colour as # and six digits or letters a to f, such as #0b4f5c.")
    ratio = contrast(colour, "#ffffff")
    if ratio < MINIMUM_CONTRAST:
        raise ValidationError(
            f"White words on this colour are too hard to read: the contrast is {ratio:.1f} to 1 "
            f"and has to be at least {MINIMUM_CONTRAST} to 1. Choose a darker colour."
        )
