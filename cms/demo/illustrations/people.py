"""Illustrations of people, and what they hold."""

from .canvas import (
    BARK,
    BRICK,
    CREAM,
    HEIGHT,
    INK,
    LEAF,
    MID,
    MOSS,
    OCHRE,
    PALE,
    SAND,
    SKINS,
    SKY,
    TEAL,
    TINT,
    WHITE,
    WIDTH,
    Canvas,
)
from .homes import window


def person(c: Canvas, x: float, y: float, *, skin: str, hair: str, top: str, style: str) -> None:
    """Draw somebody from the waist up; ``y`` is the height of the shoulders."""
    if style == "long":
        c.box(x - 62, y - 138, 124, 150, hair, 58)
    c.box(x - 92, y, 184, 230, top, 70)
    c.box(x - 20, y - 34, 40, 60, skin, 18)
    c.oval(x, y - 78, 98, 112, skin)
    match style:
        case "short":
            c.cap(x, y - 88, 106, 104, hair)
        case "bun":
            c.disc(x, y - 146, 44, hair)
            c.cap(x, y - 86, 106, 112, hair)
        case "long":
            c.cap(x, y - 90, 112, 112, hair)
        case "scarf":
            c.oval(x, y - 76, 128, 146, hair)
            c.oval(x, y - 70, 84, 98, skin)
            c.box(x - 58, y - 40, 116, 62, hair, 28)
            c.oval(x, y - 72, 82, 94, skin)
        case "bald":
            c.box(x - 52, y - 84, 14, 36, hair, 7)
            c.box(x + 38, y - 84, 14, 36, hair, 7)


def meeting_table() -> Canvas:
    """Draw five people round a table with papers and tea."""
    c = Canvas(WIDTH, HEIGHT, SAND)
    c.box(0, 0, WIDTH, 470, "#f4ebdc")
    window(c, 90, 60, 250, 190, SKY)
    c.cap(180, 250, 150, 70, LEAF)
    c.box(90, 250, 250, 6, WHITE)
    c.box(860, 60, 330, 180, WHITE, 6)
    c.box(872, 72, 306, 156, TINT)
    for number, high in enumerate((42, 66, 92, 120)):
        c.box(908 + number * 66, 216 - high, 40, high, (MID, MID, TEAL, OCHRE)[number])
    c.disc(620, 120, 92, WHITE)
    c.arch(620, 120, 92, 0, 360, TEAL, 8)
    c.line([(620, 92), (620, 120), (640, 132)], INK, 6)
    people = [
        (250, 330, SKINS[0], "#8f8a86", TEAL, "bun"),
        (450, 300, SKINS[1], INK, OCHRE, "short"),
        (650, 290, SKINS[2], MOSS, LEAF, "scarf"),
        (850, 300, SKINS[3], "#b9b3ab", BRICK, "bald"),
        (1050, 330, SKINS[4], INK, MID, "long"),
    ]
    for x, y, skin, hair, top, style in people:
        person(c, x, y, skin=skin, hair=hair, top=top, style=style)
    c.oval(640, 640, 1180, 380, BARK)
    c.oval(640, 622, 1180, 370, "#c58f53")
    c.oval(640, 616, 1120, 336, "#d2a067")
    papers = [(330, 560, -14), (520, 522, 6), (742, 526, -8), (940, 572, 16), (620, 640, -4)]
    for x, y, lean in papers:
        c.shape([(x - 62, y), (x + 50, y - lean), (x + 66, y + 78 - lean), (x - 50, y + 78)], WHITE)
        for number in range(3):
            line_top = y + 18 + number * 18 - lean * 0.6
            c.line([(x - 36 + number * 3, line_top), (x + (34 if number < 2 else 6), line_top - lean * 0.5)], PALE, 5)
    for x, y, colour in ((430, 490, TEAL), (655, 486, BRICK), (855, 500, OCHRE), (250, 620, MID), (1050, 628, TEAL)):
        c.arch(x + 26, y + 24, 34, -90, 90, colour, 8)
        c.box(x - 24, y, 48, 52, colour, 10)
        c.oval(x, y + 4, 48, 16, INK)
    c.oval(800, 660, 130, 46, CREAM)
    for x, y in ((770, 652), (805, 646), (832, 658), (795, 664)):
        c.oval(x, y, 36, 18, OCHRE)
    return c


def phone() -> Canvas:
    """Draw a hand-held phone with three text messages."""
    c = Canvas(WIDTH, HEIGHT, TINT)
    c.disc(1060, 180, 520, SKY)
    c.disc(220, 560, 460, SAND)
    c.disc(1040, 590, 180, "#f7ecd9")
    sleeve, skin = TEAL, SKINS[2]
    c.shape([(560, 720), (600, 560), (800, 560), (850, 720)], skin)
    c.shape([(520, 720), (560, 640), (850, 640), (900, 720)], sleeve)
    c.box(476, 330, 90, 300, skin, 44)
    c.box(470, 46, 340, 610, INK, 48)
    c.box(488, 64, 304, 574, CREAM, 34)
    c.box(488, 64, 304, 84, TEAL, 34)
    c.box(488, 110, 304, 40, TEAL)
    c.disc(536, 108, 44, PALE)
    c.disc(536, 100, 18, TEAL)
    c.oval(536, 122, 32, 20, TEAL)
    c.box(572, 92, 120, 12, WHITE, 6)
    c.box(572, 114, 74, 8, PALE, 4)

    def bubble(x: float, y: float, wide: float, lines: list[float], colour: str, ink: str) -> None:
        high = 28 + 24 * len(lines)
        c.box(x, y, wide, high, colour, 20)
        for number, length in enumerate(lines):
            c.box(x + 18, y + 18 + number * 24, length, 10, ink, 5)

    bubble(506, 176, 214, [170, 140, 90], SKY, TEAL)
    bubble(586, 300, 188, [140, 104], TEAL, WHITE)
    bubble(506, 398, 222, [180, 150], SKY, TEAL)
    c.box(506, 576, 268, 42, WHITE, 21)
    c.box(526, 592, 110, 10, PALE, 5)
    c.disc(750, 597, 30, OCHRE)
    c.shape([(743, 588), (762, 597), (743, 606)], WHITE)
    for y in (330, 404, 474, 542):
        c.box(774, y, 92, 58, skin, 29)
    c.box(474, 380, 62, 200, skin, 31)
    c.oval(508, 404, 30, 44, "#e0b48e")
    # Small signs of what the message is about.
    c.disc(1030, 250, 190, WHITE)
    c.line([(980, 254), (1018, 292), (1086, 214)], LEAF, 24)
    c.disc(250, 260, 170, WHITE)
    c.arch(250, 260, 120, 0, 360, TEAL, 12)
    c.line([(250, 216), (250, 262), (282, 282)], TEAL, 11)
    return c
