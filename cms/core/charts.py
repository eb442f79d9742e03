"""Chart blocks, drawn on the server from numbers that an editor types. Each also has a text and a table.

All coordinates are whole numbers out of 1000: no locale can turn those into a broken image.
"""

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks

SCALE = 1000
STRIPE = 36
PLOT_HEIGHT = 240
TITLE_HELP = "What the chart shows, in one sentence: it is read out to those who cannot see it."
UNIT_HELP = "What is counted, such as days, or of 10 told."


def format_number(number: Decimal | int) -> str:
    """Format a number without trailing zeros: 7, 7.5, 1,200."""
    return f"{Decimal(number).normalize():,f}"


def format_value(number: Decimal | int, unit: str) -> str:
    """Format a number with its unit: 7 days, 14%, none of 10 told."""
    if unit.startswith("%"):
        return f"{format_number(number)}{unit}"
    return f"{format_number(number) if number else 'none'} {unit}".strip()


def bar_of(number: Decimal | int, largest: Decimal | int) -> dict:
    """Return the width of a bar (0 to SCALE), and the path of the stripes that mark it without colour."""
    width = max(5, round(SCALE * number / largest)) if number else 0
    return {"width": width, "stripes": "".join(f"M{at} 0v24" for at in range(STRIPE, width, STRIPE))}


class ChartRowBlock(blocks.StructBlock):
    """One bar of a chart."""

    label = blocks.CharBlock(max_length=60, help_text="What this bar is about.")
    value = blocks.DecimalBlock(min_value=0, max_digits=12, decimal_places=2, help_text="A number, with nothing else.")
    weak = blocks.BooleanBlock(
        required=False, label="Point this one out", help_text="Drawn in red stripes, and said in words."
    )


class Chart(blocks.StructBlock):
    """Base class of charts: the title and the unit."""

    title = blocks.CharBlock(help_text=TITLE_HELP)
    unit = blocks.CharBlock(required=False, max_length=40, label="Unit", help_text=UNIT_HELP)

    def get_context(self, value: Any, parent_context: dict | None = None) -> dict:
        """Add the drawing and the table of numbers."""
        context = super().get_context(value, parent_context)
        return context | self.drawn(value)

    def drawn(self, value: Any) -> dict:
        """Return the context of the drawing. A draft may have incomplete rows."""
        raise NotImplementedError


class ChartBlock(Chart):
    """Bars: one number for each of several things."""

    pointed_out = blocks.CharBlock(
        required=False,
        max_length=30,
        default="stands out",
        label="Words for those pointed out",
        help_text="Said after the number of each bar that you point out, such as slowest.",
    )
    rows = blocks.ListBlock(ChartRowBlock(), min_num=1, max_num=20)

    def drawn(self, value: Any) -> dict:
        """Return the bars."""
        rows = [row for row in value["rows"] if row["value"] is not None]
        largest = max((row["value"] for row in rows), default=0) or 1
        bars = []
        for row in rows:
            words = format_value(row["value"], value["unit"])
            if row["weak"] and value.get("pointed_out"):
                words = f"{words}, {value['pointed_out']}"
            said = {"label": row["label"], "number": format_number(row["value"]), "value": words, "weak": row["weak"]}
            bars.append(said | bar_of(row["value"], largest))
        table = [{"label": bar["label"], "cells": [bar["number"]]} for bar in bars]
        return {"bars": bars, "heads": [value["unit"] or "Number"], "table": table}

    class Meta:
        icon = "table"
        label = "Chart: bars"
        description = "One number for each of several things, as bars, with a table of the same numbers."
        template = "blocks/chart.html"
        preview_value = {
            "title": "Residents told before a visit moved",
            "unit": "of 10 told",
            "pointed_out": "fewest",
            "rows": [
                {"label": "Heating team", "value": 7, "weak": False},
                {"label": "Joinery team", "value": 1, "weak": True},
            ],
        }


class PairRowBlock(blocks.StructBlock):
    """Two numbers about one thing."""

    label = blocks.CharBlock(max_length=60, help_text="What both numbers are about.")
    first = blocks.DecimalBlock(min_value=0, max_digits=12, decimal_places=2, help_text="The number that comes first.")
    second = blocks.DecimalBlock(min_value=0, max_digits=12, decimal_places=2, help_text="What it is compared with.")


class PairsChartBlock(Chart):
    """Bars in pairs: two numbers for each of several things, such as before and after."""

    first = blocks.CharBlock(max_length=30, default="Before", label="First bars", help_text="Such as Before, or 2025.")
    second = blocks.CharBlock(max_length=30, default="After", label="Second bars", help_text="Such as After, or 2026.")
    rows = blocks.ListBlock(PairRowBlock(), min_num=1, max_num=12)

    def drawn(self, value: Any) -> dict:
        """Return the pairs of bars, grouped by label."""
        rows = [row for row in value["rows"] if row["first"] is not None and row["second"] is not None]
        largest = max((max(row["first"], row["second"]) for row in rows), default=0) or 1
        groups, table = [], []
        for row in rows:
            bars = [
                {"label": value[name], "value": format_value(row[name], value["unit"]), "second": name == "second"}
                | bar_of(row[name], largest)
                for name in ("first", "second")
            ]
            groups.append({"label": row["label"], "bars": bars})
            table.append({"label": row["label"], "cells": [format_number(row["first"]), format_number(row["second"])]})
        unit = f", {value['unit']}" if value["unit"] else ""
        return {"groups": groups, "heads": [f"{value[name]}{unit}" for name in ("first", "second")], "table": table}

    class Meta:
        icon = "table"
        label = "Chart: bars in pairs"
        description = "Two numbers for each of several things, such as before and after, with a table."
        template = "blocks/pairs_chart.html"
        preview_value = {
            "title": "Days to the first visit, before and after the change",
            "unit": "days",
            "first": "Before",
            "second": "After",
            "rows": [
                {"label": "Quenley", "first": 6, "second": 5},
                {"label": "Addermere", "first": 31, "second": 9},
            ],
        }


class TimeRowBlock(blocks.StructBlock):
    """One number and its date."""

    label = blocks.CharBlock(max_length=30, label="When", help_text="Such as March 2026. The earliest first.")
    value = blocks.DecimalBlock(min_value=0, max_digits=12, decimal_places=2, help_text="A number, with nothing else.")


class TimeChartBlock(Chart):
    """A line over time."""

    rows = blocks.ListBlock(TimeRowBlock(), min_num=2, max_num=36)

    def clean(self, value: Any) -> Any:
        """Refuse a line of one point."""
        cleaned = super().clean(value)
        if len(cleaned["rows"]) < 2:
            raise ValidationError("A line over time needs two numbers or more.")
        return cleaned

    def drawn(self, value: Any) -> dict:
        """Return the line, and a sentence with its first and last value and its extremes."""
        rows = [row for row in value["rows"] if row["value"] is not None]
        if not rows:
            return {"heads": [value["unit"] or "Number"], "table": []}
        highest, lowest = max(rows, key=_value), min(rows, key=_value)
        top, steps = highest["value"] or 1, max(1, len(rows) - 1)
        points = [
            {"x": round(SCALE * place / steps), "y": round(PLOT_HEIGHT - PLOT_HEIGHT * row["value"] / top)}
            for place, row in enumerate(rows)
        ]
        return {
            "points": points,
            "line": " ".join(f"{point['x']},{point['y']}" for point in points),
            "top": format_value(top, value["unit"]),
            "first": rows[0]["label"],
            "last": rows[-1]["label"],
            "story": _summary_of_line(rows, highest, lowest, value["unit"]),
            "heads": [value["unit"] or "Number"],
            "table": [{"label": row["label"], "cells": [format_number(row["value"])]} for row in rows],
        }

    class Meta:
        icon = "table"
        label = "Chart: over time"
        description = "How one number rose and fell, as a line, with a table of the same numbers."
        template = "blocks/time_chart.html"
        preview_value = {
            "title": "Homes with damp again within six months",
            "unit": "homes",
            "rows": [
                {"label": "January 2026", "value": 19},
                {"label": "February 2026", "value": 12},
                {"label": "March 2026", "value": 7},
            ],
        }


def _value(row: dict) -> Decimal:
    return row["value"]


def _summary_of_line(rows: list, highest: dict, lowest: dict, unit: str) -> str:
    """Return the text alternative of a line: 19 homes in January 2026, 7 homes in March 2026. Highest: ..."""

    def said(row: dict) -> str:
        return f"{format_value(row['value'], unit)} in {row['label']}"

    words = f"From {said(rows[0])} to {said(rows[-1])}."
    if highest["value"] > max(rows[0]["value"], rows[-1]["value"]):
        words += f" Highest: {said(highest)}."
    if lowest["value"] < min(rows[0]["value"], rows[-1]["value"]):
        words += f" Lowest: {said(lowest)}."
    return words
