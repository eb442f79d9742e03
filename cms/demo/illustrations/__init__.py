"""Generated illustrations of the demo: scenes from the life of an estate, without any real home or face."""

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
    """Return an illustration as PNG."""
    return SCENES[key]().png()
