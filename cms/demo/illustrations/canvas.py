"""A drawing canvas: flat shapes in a few colours, drawn large and scaled down for smooth edges."""

import io
from collections.abc import Sequence
from typing import cast

from PIL import Image, ImageDraw

TEAL = "#0b4f5c"
DEEP = "#083840"
MID = "#5f939b"
PALE = "#b9d3d6"
SKY = "#dcebec"
TINT = "#eef5f5"
CREAM = "#faf6ee"
SAND = "#f0e2cc"
STRAW = "#e3c28c"
OCHRE = "#d9963a"
BRICK = "#b4573b"
ROSE = "#d58e74"
BARK = "#7a4a35"
LEAF = "#4d8a68"
MOSS = "#2f6a4d"
INK = "#25313a"
SLATE = "#4d5c66"
WHITE = "#ffffff"
SKINS = ["#f0c9a4", "#8d5a3c", "#c98f62", "#e8b68c", "#5f3b28"]

SMOOTHER = 3
WIDTH, HEIGHT = 1280, 720

Point = tuple[float, float]


def _around(x: float, y: float, across: float, down: float) -> list[float]:
    """Return the bounding box around a centre, in pixels of the large drawing."""
    corners = [x - across / 2, y - down / 2, x + across / 2, y + down / 2]
    return [value * SMOOTHER for value in corners]


class Canvas:
    """An image being drawn, in its own units."""

    def __init__(self, width: int, height: int, background: str | None = None):
        self.size = (width, height)
        self.image = Image.new("RGBA", (width * SMOOTHER, height * SMOOTHER), background or (0, 0, 0, 0))
        self.pen = ImageDraw.Draw(self.image)

    def box(self, x: float, y: float, width: float, height: float, colour: str, corner: float = 0) -> None:
        """Draw a rectangle from its top left corner."""
        area = [x * SMOOTHER, y * SMOOTHER, (x + width) * SMOOTHER - 1, (y + height) * SMOOTHER - 1]
        self.pen.rounded_rectangle(area, corner * SMOOTHER, fill=colour)

    def shape(self, points: Sequence[Point], colour: str) -> None:
        """Draw a filled shape through points."""
        self.pen.polygon([(x * SMOOTHER, y * SMOOTHER) for x, y in points], fill=colour)

    def oval(self, x: float, y: float, across: float, down: float, colour: str) -> None:
        """Draw an oval around its centre."""
        self.pen.ellipse(_around(x, y, across, down), fill=colour)

    def disc(self, x: float, y: float, across: float, colour: str) -> None:
        """Draw a disc around its centre."""
        self.oval(x, y, across, across, colour)

    def line(self, points: Sequence[Point], colour: str, width: float) -> None:
        """Draw a line with round ends and corners."""
        larger = [(x * SMOOTHER, y * SMOOTHER) for x, y in points]
        self.pen.line(larger, fill=colour, width=round(width * SMOOTHER), joint="curve")
        for x, y in points:
            self.disc(x, y, width, colour)

    def arch(self, x: float, y: float, across: float, start: float, end: float, colour: str, width: float) -> None:
        """Draw part of a ring around its centre; angles in degrees, clockwise from the right."""
        self.pen.arc(_around(x, y, across, across), start, end, fill=colour, width=round(width * SMOOTHER))

    def cap(self, x: float, y: float, across: float, down: float, colour: str) -> None:
        """Draw the upper half of an oval around its centre."""
        self.pen.chord(_around(x, y, across, down), 180, 360, fill=colour)

    def png(self) -> bytes:
        """Return the finished image."""
        small = self.image.resize(self.size, Image.Resampling.LANCZOS)
        bands = cast("tuple", small.getextrema())  # a pair for each of the four bands
        if bands[3] == (255, 255):
            small = small.convert("RGB")
        out = io.BytesIO()
        small.save(out, "PNG", optimize=True)
        return out.getvalue()
