"""Drawing of the site's icons: the landlord's logo, or else a letter on its colour. Pure."""

import io

from PIL import Image, ImageDraw, ImageFont

WHITE = "#ffffff"
SIZES = (32, 180, 192, 512)
SEEN_THROUGH = 32  # the one size that stands on the browser's own colour, where what is clear stays clear
ROOM = 0.08  # of the side, left free round a logo on white
CARD = (1200, 630)


def icon_of_logo(logo: Image.Image, size: int) -> bytes:
    """Return a logo of any shape as a square PNG: padded, never stretched or cut."""
    opaque = size != SEEN_THROUGH
    square = Image.new("RGBA", (size, size), WHITE if opaque else (0, 0, 0, 0))
    side = round(size * (1 - 2 * ROOM)) if opaque else size
    _put_in_middle(square, logo, (side, side))
    return _as_png(square)


def icon_of_letter(letter: str, colour: str, size: int) -> bytes:
    """Return a white letter on a colour (``#rrggbb``) as a square PNG."""
    square = Image.new("RGBA", (size, size), colour)
    font = ImageFont.load_default(size * 0.66)
    ImageDraw.Draw(square).text((size / 2, size / 2), letter, fill=WHITE, font=font, anchor="mm")
    return _as_png(square)


def card_of_logo(logo: Image.Image, colour: str) -> bytes:
    """Return the wide PNG of link previews: a logo on a white plate, on a colour."""
    width, height = CARD
    card = Image.new("RGBA", CARD, colour)
    plate = Image.new("RGBA", (width // 2, height - 160), WHITE)
    _put_in_middle(plate, logo, (plate.width - 100, plate.height - 100))
    card.paste(plate, ((width - plate.width) // 2, 80))
    return _as_png(card)


def _put_in_middle(ground: Image.Image, logo: Image.Image, box: tuple[int, int]) -> None:
    """Paste a logo in the middle, as large as fits into a box (width, height)."""
    scale = min(box[0] / logo.width, box[1] / logo.height)
    size = (max(1, round(logo.width * scale)), max(1, round(logo.height * scale)))
    small = logo.convert("RGBA").resize(size, Image.Resampling.LANCZOS)
    ground.alpha_composite(small, ((ground.width - small.width) // 2, (ground.height - small.height) // 2))


def _as_png(picture: Image.Image) -> bytes:
    written = io.BytesIO()
    picture.save(written, "PNG", optimize=True)
    return written.getvalue()
