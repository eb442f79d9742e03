"""The demo's own pictures: quiet scenes from the life of an estate. The same every time, and nobody's home or face."""

from functools import cache

from . import easy
from .homes import damp_corner, front_door, stairwell, terrace
from .papers import letter, logo
from .people import meeting_table, phone

SCENES = {
    "terrace": terrace,
    "damp-corner": damp_corner,
    "front-door": front_door,
    "stairwell": stairwell,
    "phone": phone,
    "meeting-table": meeting_table,
    "letter": letter,
    "logo": logo,
} | easy.SCENES


@cache
def draw(key: str) -> bytes:
    """Return a picture as PNG."""
    return SCENES[key]().png()
