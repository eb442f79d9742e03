"""Illustrations of homes, outside and in."""

from .canvas import (
    BARK,
    BRICK,
    CREAM,
    DEEP,
    HEIGHT,
    INK,
    LEAF,
    MID,
    MOSS,
    OCHRE,
    PALE,
    ROSE,
    SAND,
    SKY,
    SLATE,
    STRAW,
    TEAL,
    TINT,
    WHITE,
    WIDTH,
    Canvas,
)

SPOTS = [
    (420, 160, 26), (446, 196, 18), (506, 150, 30), (540, 184, 16), (470, 226, 24),
    (462, 300, 14), (486, 268, 12), (386, 206, 12), (582, 154, 12),
]  # fmt: skip


def window(c: Canvas, x: float, y: float, width: float, height: float, glass: str = PALE) -> None:
    """Draw a window of four panes from the top left corner of its glass."""
    c.box(x - 7, y - 7, width + 14, height + 14, WHITE, 4)
    c.box(x, y, width, height, glass)
    c.box(x + width / 2 - 3, y, 6, height, WHITE)
    c.box(x, y + height * 0.42, width, 6, WHITE)
    c.box(x - 12, y + height + 7, width + 24, 9, SAND, 3)


def bush(c: Canvas, x: float, y: float, size: float) -> None:
    """Draw a bush around its centre."""
    c.disc(x, y, size, MOSS)
    c.disc(x + size * 0.5, y + size * 0.12, size * 0.8, LEAF)
    c.disc(x - size * 0.45, y + size * 0.16, size * 0.7, LEAF)


def terrace() -> Canvas:
    """Draw a row of homes."""
    c = Canvas(WIDTH, HEIGHT, SKY)
    c.disc(1040, 150, 150, CREAM)
    c.disc(1040, 150, 112, STRAW)
    c.oval(260, 560, 1100, 420, PALE)
    c.oval(1080, 580, 1000, 380, "#c8dedf")
    for x, y in ((180, 130), (640, 90)):
        c.oval(x, y, 210, 46, WHITE)
        c.oval(x + 40, y - 22, 110, 54, WHITE)
    walls = [BRICK, SAND, "#c9684a", TINT, BRICK]
    doors = [TEAL, BRICK, OCHRE, TEAL, MOSS]
    for number, (wall, door) in enumerate(zip(walls, doors, strict=True)):
        x = 70 + number * 228
        c.box(x + 150, 150, 44, 90, BARK)
        c.box(x + 143, 143, 58, 14, INK, 3)
        c.shape([(x - 2, 282), (x + 34, 190), (x + 194, 190), (x + 230, 282)], SLATE)
        c.box(x, 278, 228, 330, wall)
        c.box(x - 2, 276, 232, 14, WHITE, 4)
        c.box(x + 216, 276, 10, 330, "#e9ecec")
        window(c, x + 28, 322, 62, 84)
        window(c, x + 134, 322, 62, 84)
        window(c, x + 28, 470, 74, 92, STRAW if number in (1, 3) else PALE)
        c.box(x + 130, 452, 74, 156, WHITE, 6)
        c.box(x + 138, 460, 58, 148, door, 3)
        c.box(x + 150, 472, 34, 40, PALE, 4)
        c.disc(x + 188, 540, 9, STRAW)
        c.box(x + 124, 602, 86, 12, SAND, 3)
    c.box(0, 608, WIDTH, 40, "#d9d3c7")
    c.box(0, 644, WIDTH, 76, SLATE)
    for x in range(40, WIDTH, 180):
        c.box(x, 678, 90, 8, SAND, 4)
    for x, size in ((50, 66), (286, 50), (740, 54), (1240, 76)):
        bush(c, x, 596, size)
    return c


def damp_corner() -> Canvas:
    """Draw a room with damp in the corner, and the broken gutter outside that made it."""
    c = Canvas(WIDTH, HEIGHT, SAND)
    c.shape([(0, 20), (470, 120), (470, 590), (0, 720)], "#efe3d1")
    c.shape([(470, 120), (WIDTH, 40), (WIDTH, 690), (470, 590)], "#e4d5bd")
    c.shape([(0, 720), (470, 590), (WIDTH, 690), (WIDTH, 720)], BARK)
    c.shape([(0, 706), (470, 576), (470, 592), (0, 722)], WHITE)
    c.shape([(470, 576), (WIDTH, 674), (WIDTH, 692), (470, 592)], WHITE)
    # The damp: pale edges first, the dark heart last.
    spread = [(470, 150, 330, 150), (400, 190, 210, 170), (560, 170, 240, 130), (468, 280, 130, 260)]
    for across, colour in ((1.0, "#d9ccb0"), (0.78, "#bdb699"), (0.5, "#8d9280")):
        for x, y, wide, high in spread:
            c.oval(x, y, wide * across, high * across, colour)
    for x, y, size in SPOTS:
        c.disc(x, y, size, "#5d6558")
    # The ceiling comes last: the damp is on the walls.
    c.shape([(0, 0), (WIDTH, 0), (WIDTH, 40), (470, 120), (0, 20)], CREAM)
    # The window, with the weather outside.
    c.box(720, 170, 400, 300, WHITE, 6)
    c.box(740, 190, 360, 260, "#a9c3c9")
    c.cap(900, 450, 300, 100, "#86a9a5")
    c.shape([(740, 190), (1100, 190), (1100, 214), (740, 232)], SLATE)
    c.line([(744, 242), (890, 234)], INK, 13)
    c.line([(914, 248), (1094, 222)], INK, 13)
    c.line([(900, 244), (896, 300), (904, 360), (898, 448)], WHITE, 7)
    for number in range(40):
        row, column = divmod(number, 8)
        x, y = 764 + column * 43 + (row % 2) * 20, 258 + row * 36
        c.line([(x, y), (x - 5, y + 18)], SKY, 3)
    c.box(914, 190, 12, 260, WHITE)
    c.box(706, 466, 428, 18, CREAM, 4)
    # What makes it somebody's room.
    c.box(760, 510, 300, 110, WHITE, 10)
    for x in range(778, 1040, 30):
        c.box(x, 524, 14, 82, "#e3e7e6", 7)
    c.box(800, 498, 90, 66, TEAL, 6)
    c.box(910, 498, 60, 90, ROSE, 6)
    c.box(80, 450, 250, 180, MID, 34)
    c.box(54, 520, 70, 130, TEAL, 26)
    c.box(286, 520, 70, 130, TEAL, 26)
    c.box(110, 560, 190, 70, PALE, 20)
    c.box(70, 640, 20, 34, INK)
    c.box(318, 640, 20, 34, INK)
    return c


def front_door() -> Canvas:
    """Draw a door that stands open, with a key in it and boxes inside."""
    c = Canvas(WIDTH, HEIGHT, BRICK)
    for row in range(18):
        for column in range(-1, 15):
            x = column * 92 + (46 if row % 2 else 0)
            c.box(x + 2, row * 36 + 2, 88, 32, "#bd6246" if (row * 3 + column * 5) % 7 else "#a84f35", 3)
    c.box(0, 640, WIDTH, 80, "#cfc8ba")
    c.box(430, 60, 440, 590, WHITE, 8)
    c.box(460, 90, 380, 560, "#f5dfae")
    c.shape([(460, 590), (840, 590), (840, 650), (460, 650)], STRAW)
    c.box(640, 90, 200, 500, "#f9eac6")
    c.disc(724, 172, 60, WHITE)
    c.line([(724, 90), (724, 146)], INK, 4)
    for x, y, wide, high in ((668, 470, 150, 120), (700, 372, 112, 98)):
        c.box(x, y, wide, high, "#c58f53", 4)
        c.box(x + wide / 2 - 12, y, 24, high, STRAW)
        c.box(x, y, wide, 14, "#ad7a41", 4)
    c.oval(760, 352, 60, 60, LEAF)
    c.oval(738, 340, 34, 64, MOSS)
    c.oval(784, 338, 34, 64, MOSS)
    # The door, swung into the hall.
    c.shape([(460, 90), (640, 128), (640, 622), (460, 650)], TEAL)
    c.shape([(490, 132), (610, 154), (610, 300), (490, 292)], DEEP)
    c.shape([(502, 148), (598, 166), (598, 288), (502, 281)], PALE)
    c.shape([(490, 420), (610, 414), (610, 570), (490, 594)], DEEP)
    c.box(556, 336, 64, 20, STRAW, 6)
    c.disc(614, 388, 34, STRAW)
    c.disc(614, 388, 16, INK)
    # The key and its ring.
    c.line([(618, 388), (676, 388)], OCHRE, 12)
    c.disc(694, 388, 56, OCHRE)
    c.disc(694, 388, 26, "#f9eac6")
    c.arch(704, 430, 66, 0, 360, SLATE, 5)
    c.box(694, 458, 40, 62, BRICK, 10)
    c.disc(714, 470, 10, CREAM)
    # Outside.
    c.box(410, 640, 480, 34, SAND, 6)
    c.box(380, 672, 540, 48, "#e0cfb3", 6)
    c.box(520, 646, 260, 20, SLATE, 6)
    window(c, 100, 170, 190, 270)
    c.box(100, 170, 60, 270, CREAM)
    c.box(230, 170, 60, 270, CREAM)
    window(c, 1000, 170, 190, 270)
    c.box(1000, 170, 60, 270, CREAM)
    c.box(1130, 170, 60, 270, CREAM)
    for x in (300, 940):
        c.shape([(x, 590), (x + 76, 590), (x + 62, 680), (x + 14, 680)], OCHRE)
        bush(c, x + 38, 550, 84)
    return c


def stairwell() -> Canvas:
    """Draw the stairs of a block of flats, with a lamp that works."""
    c = Canvas(WIDTH, HEIGHT, TINT)
    c.box(0, 0, WIDTH, HEIGHT, "#dfeaea")
    c.box(0, 430, WIDTH, 290, PALE)
    c.box(0, 424, WIDTH, 12, MID)
    c.shape([(1010, 128), (1290, 640), (700, 640)], "#f3efd9")
    c.shape([(1010, 128), (1180, 640), (820, 640)], "#fbf4d2")
    window(c, 150, 110, 220, 240, "#33505c")
    c.disc(300, 170, 42, CREAM)
    c.disc(316, 162, 38, "#33505c")
    # The landing and the stairs up to it.
    steps, left, top = 8, 250, 400
    wide, high = 70, 40
    for number in range(steps):
        x, y = left + number * wide, 720 - (number + 1) * high
        c.box(x, y, WIDTH - x, 720 - y, MID if number % 2 else "#6b9ca3")
        c.box(x - 6, y, WIDTH - x + 6, 9, CREAM)
    c.box(left + steps * wide, top, 500, 320, "#5f939b")
    c.box(left + steps * wide - 6, top, 500, 10, CREAM)
    # Hand rail.
    for number in range(steps + 1):
        x, y = left + 34 + number * wide, 720 - (number + 1) * high
        foot = max(y, top)
        c.line([(x, foot), (x, foot - 130)], DEEP, 6)
    c.line([(left + 14, 720 - high - 120), (left + 34 + steps * wide, top - 132), (WIDTH + 10, top - 132)], BRICK, 16)
    for x in range(left + 34 + (steps + 1) * wide, WIDTH, 70):
        c.line([(x, top), (x, top - 130)], DEEP, 6)
    # A door on the landing, and the lamp.
    c.box(1070, 190, 130, 210, WHITE, 4)
    c.box(1080, 200, 110, 200, TEAL)
    c.disc(1172, 306, 12, STRAW)
    c.box(1104, 222, 62, 44, PALE, 4)
    c.line([(1010, 0), (1010, 76)], INK, 6)
    c.shape([(978, 76), (1042, 76), (1062, 122), (958, 122)], INK)
    c.oval(1010, 126, 82, 34, "#ffe9a0")
    c.box(1040, 400, 190, 10, OCHRE)
    return c
