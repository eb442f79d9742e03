"""Illustrations for Easy Read: one idea each, large and plain, on a quiet background."""

from .canvas import (
    BRICK,
    CREAM,
    DEEP,
    INK,
    LEAF,
    MID,
    MOSS,
    OCHRE,
    PALE,
    SKINS,
    SKY,
    SLATE,
    STRAW,
    TEAL,
    TINT,
    WHITE,
    Canvas,
)
from .homes import bush, window
from .people import person

EASY_WIDTH, EASY_HEIGHT = 640, 480


def _ground(colour: str = TINT) -> Canvas:
    return Canvas(EASY_WIDTH, EASY_HEIGHT, colour)


def _drop(c: Canvas, x: float, y: float, size: float, colour: str) -> None:
    """Draw a drop of water; ``y`` is the middle of its round part."""
    c.shape([(x, y - size * 1.2), (x + size * 0.47, y - size * 0.18), (x - size * 0.47, y - size * 0.18)], colour)
    c.disc(x, y, size, colour)


def _tick(c: Canvas, x: float, y: float, size: float) -> None:
    c.disc(x, y, size, MOSS)
    points = [(x - size * 0.24, y + size * 0.02), (x - size * 0.06, y + size * 0.2), (x + size * 0.26, y - size * 0.18)]
    c.line(points, WHITE, size * 0.11)


def _cross(c: Canvas, x: float, y: float, size: float) -> None:
    c.disc(x, y, size, BRICK)
    reach = size * 0.2
    c.line([(x - reach, y - reach), (x + reach, y + reach)], WHITE, size * 0.11)
    c.line([(x + reach, y - reach), (x - reach, y + reach)], WHITE, size * 0.11)


def _house(c: Canvas, x: float, y: float, wall: str = STRAW) -> None:
    """Draw a house; ``x`` and ``y`` are the top of its roof."""
    c.shape([(x, y), (x + 170, y + 130), (x - 170, y + 130)], SLATE)
    c.box(x - 140, y + 126, 280, 220, wall)
    c.box(x - 32, y + 216, 64, 130, TEAL, 4)
    c.disc(x + 18, y + 286, 10, STRAW)
    window(c, x - 112, y + 160, 60, 66)
    window(c, x + 52, y + 160, 60, 66)


def us() -> Canvas:
    """Draw three people who look at the reader."""
    c = _ground()
    c.disc(320, 260, 430, SKY)
    person(c, 170, 290, skin=SKINS[0], hair="#8f8a86", top=TEAL, style="bun")
    person(c, 470, 290, skin=SKINS[3], hair="#b9b3ab", top=BRICK, style="bald")
    person(c, 320, 250, skin=SKINS[1], hair=INK, top=OCHRE, style="short")
    return c


def damp_wall() -> Canvas:
    """Draw a wall with a dark patch and drops of water."""
    c = _ground("#efe3d1")
    c.box(0, 400, 640, 80, "#b98f6a")
    c.box(0, 388, 640, 16, WHITE)
    for across, colour in ((1.0, "#d3c7a9"), (0.74, "#aeac92"), (0.46, "#7f8775")):
        c.oval(250, 170, 380 * across, 240 * across, colour)
        c.oval(360, 240, 220 * across, 180 * across, colour)
    for x, y, size in ((200, 130, 26), (270, 190, 34), (330, 140, 20), (380, 240, 24), (240, 240, 18)):
        c.disc(x, y, size, "#5d6558")
    for x, y in ((490, 150), (540, 240), (470, 300)):
        _drop(c, x, y, 46, MID)
    return c


def reading() -> Canvas:
    """Draw a pile of letters and a magnifying glass."""
    c = _ground()
    for number in range(3):
        c.box(120 + number * 34, 70 + number * 30, 280, 340, PALE if number < 2 else WHITE, 8)
    for number in range(6):
        c.line([(222, 180 + number * 40), (420 if number % 2 else 380, 180 + number * 40)], MID, 10)
    c.line([(490, 360), (570, 440)], INK, 34)
    c.disc(430, 300, 190, OCHRE)
    c.disc(430, 300, 156, CREAM)
    c.line([(380, 280), (480, 280)], INK, 14)
    c.line([(380, 320), (455, 320)], INK, 14)
    return c


def talking() -> Canvas:
    """Draw two people who talk."""
    c = _ground()
    person(c, 180, 320, skin=SKINS[2], hair=MOSS, top=LEAF, style="scarf")
    person(c, 470, 320, skin=SKINS[4], hair=INK, top=MID, style="long")
    c.box(70, 40, 210, 110, WHITE, 40)
    c.shape([(150, 140), (210, 140), (186, 186)], WHITE)
    c.box(370, 40, 210, 110, WHITE, 40)
    c.shape([(440, 140), (500, 140), (466, 180)], WHITE)
    for x in (120, 175, 230, 420, 475, 530):
        c.disc(x, 95, 26, TEAL)
    return c


def leaflet_first() -> Canvas:
    """Draw a leaflet with a cross on it."""
    c = _ground()
    c.shape([(170, 70), (330, 100), (330, 430), (170, 400)], WHITE)
    c.shape([(330, 100), (490, 70), (490, 400), (330, 430)], PALE)
    for number in range(5):
        c.line([(200, 150 + number * 44), (300, 168 + number * 44)], MID, 10)
        c.line([(360, 168 + number * 44), (460, 150 + number * 44)], MID, 10)
    _cross(c, 480, 360, 170)
    return c


def long_wait() -> Canvas:
    """Draw a clock and a calendar with many days crossed out."""
    c = _ground()
    c.box(50, 90, 320, 300, WHITE, 14)
    c.box(50, 90, 320, 64, BRICK, 14)
    for number in range(20):
        row, column = divmod(number, 5)
        x, y = 92 + column * 58, 186 + row * 54
        c.box(x - 18, y - 16, 38, 36, TINT, 5)
        if number < 16:
            c.line([(x - 10, y - 6), (x + 12, y + 12)], BRICK, 6)
    c.disc(490, 250, 240, DEEP)
    c.disc(490, 250, 206, WHITE)
    c.line([(490, 170), (490, 250), (548, 286)], INK, 15)
    return c


def many_calls() -> Canvas:
    """Draw a phone and four people who each have the same question."""
    c = _ground()
    c.box(250, 90, 140, 290, INK, 30)
    c.box(264, 116, 112, 226, SKY, 10)
    c.disc(320, 362, 22, SLATE)
    for x, y in ((110, 120), (110, 330), (530, 120), (530, 330)):
        c.disc(x, y, 140, OCHRE)
        c.arch(x, y - 22, 58, 160, 430, WHITE, 15)
        c.line([(x, y + 4), (x, y + 20)], WHITE, 15)
        c.disc(x, y + 46, 18, WHITE)
    return c


def visit_first() -> Canvas:
    """Draw a house, somebody at the door and a tick."""
    c = _ground(SKY)
    c.box(0, 400, 640, 80, PALE)
    _house(c, 230, 60)
    person(c, 470, 300, skin=SKINS[1], hair=INK, top=TEAL, style="short")
    bush(c, 70, 390, 60)
    _tick(c, 560, 110, 130)
    return c


def come_back() -> Canvas:
    """Draw a house, and an arrow that comes round to it again."""
    c = _ground()
    _house(c, 320, 100)
    c.arch(320, 250, 440, 200, 500, TEAL, 26)
    c.shape([(150, 372), (214, 420), (140, 446)], TEAL)
    return c


def yes_and_no() -> Canvas:
    """Draw a list of seven ticks and one cross."""
    c = _ground()
    c.box(120, 30, 400, 420, WHITE, 16)
    for number in range(8):
        row, column = divmod(number, 2)
        x, y = 190 + column * 200, 90 + row * 98
        (_cross if number == 7 else _tick)(c, x, y, 72)
        c.line([(x + 56, y), (x + 112, y)], PALE, 14)
    return c


def ring_us() -> Canvas:
    """Draw a telephone that rings."""
    c = _ground()
    c.disc(320, 240, 400, TEAL)
    c.arch(320, 300, 260, 200, 340, WHITE, 70)
    c.box(176, 250, 100, 80, WHITE, 26)
    c.box(364, 250, 100, 80, WHITE, 26)
    for size in (150, 220):
        c.arch(320, 150, size, 235, 305, STRAW, 14)
    return c


SCENES = {
    "easy-us": us,
    "easy-damp": damp_wall,
    "easy-reading": reading,
    "easy-talking": talking,
    "easy-leaflet": leaflet_first,
    "easy-wait": long_wait,
    "easy-calls": many_calls,
    "easy-visit": visit_first,
    "easy-back": come_back,
    "easy-answers": yes_and_no,
    "easy-ring": ring_us,
}
