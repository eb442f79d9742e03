"""Illustrations of letters, and the landlord's logo."""

from .canvas import BARK, BRICK, DEEP, HEIGHT, MID, OCHRE, PALE, SLATE, STRAW, TEAL, TINT, WHITE, WIDTH, Canvas, Point

LOGO = 512


def letter() -> Canvas:
    """Draw a letter with a list of charges, under a magnifying glass."""
    c = Canvas(WIDTH, HEIGHT, TEAL)
    c.disc(1120, 90, 460, "#0f5b69")
    c.disc(120, 680, 420, "#0f5b69")
    c.shape([(372, 96), (812, 58), (866, 664), (426, 702)], DEEP)
    c.shape([(360, 84), (800, 46), (854, 652), (414, 690)], WHITE)

    def at(across: float, down: float) -> Point:
        return 360 + across * 440 + down * 54, 84 - across * 38 + down * 606

    def bar(across: float, down: float, length: float, colour: str, width: float = 12) -> None:
        c.line([at(across, down), at(across + length, down)], colour, width)

    bar(0.09, 0.09, 0.22, TEAL, 26)
    bar(0.62, 0.07, 0.28, PALE)
    bar(0.70, 0.11, 0.20, PALE)
    bar(0.09, 0.21, 0.56, SLATE, 14)
    for number, (words, amount) in enumerate(((0.34, 0.10), (0.42, 0.12), (0.28, 0.09), (0.46, 0.13), (0.36, 0.11))):
        down = 0.32 + number * 0.1
        bar(0.09, down, words, PALE)
        bar(0.90 - amount, down, amount, MID)
        c.line([at(0.09, down + 0.05), at(0.91, down + 0.05)], TINT, 3)
    bar(0.09, 0.85, 0.2, SLATE, 14)
    bar(0.74, 0.85, 0.16, BRICK, 18)
    # The glass makes what is under it larger.
    c.line([(930, 520), (1060, 656)], BARK, 40)
    c.line([(906, 496), (934, 524)], STRAW, 26)
    c.disc(800, 380, 320, STRAW)
    c.disc(800, 380, 276, TINT)
    for number, (left, right) in enumerate(((706, 800), (688, 780), (704, 790))):
        y = 316 + number * 64
        c.line([(left, y), (right, y - 7)], MID, 22)
        c.line([(right + 54, y - 11), (right + 96, y - 15)], BRICK if number == 1 else SLATE, 24)
    c.arch(800, 380, 246, 200, 250, WHITE, 10)
    for x, y, size in ((210, 560, 120), (270, 520, 96), (180, 480, 84)):
        c.disc(x, y + 6, size, "#a9702a")
        c.disc(x, y, size, OCHRE)
        c.arch(x, y, size - 22, 0, 360, STRAW, 6)
    return c


def logo() -> Canvas:
    """Draw the landlord's logo: a roof over a brook."""
    c = Canvas(LOGO, LOGO)
    c.box(0, 0, LOGO, LOGO, TEAL, 96)
    c.shape([(256, 84), (432, 236), (400, 268), (256, 146), (112, 268), (80, 236)], WHITE)
    c.shape([(256, 186), (372, 284), (372, 330), (140, 330), (140, 284)], PALE)
    for number, colour in enumerate((WHITE, PALE)):
        y = 366 + number * 54
        points = [(88 + step * 8, y + (-12 if (step // 7) % 2 else 12) * _wave(step)) for step in range(43)]
        c.line(points, colour, 22)
    return c


def _wave(step: int) -> float:
    """Return the distance of a wave from its middle line, 0 to 1, over seven steps."""
    return 1 - ((step % 7 - 3) / 3.5) ** 2
