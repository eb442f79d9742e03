"""Charts are drawn with whole numbers, have a text alternative, and never rely on colour alone."""

import re
from decimal import Decimal

import pytest

from cms.core.charts import ChartBlock, PairsChartBlock, TimeChartBlock, format_number, format_value

BARS = {
    "title": "Told <b>",
    "unit": "of 10 told",
    "pointed_out": "fewest",
    "rows": [
        {"label": "Heating", "value": Decimal("7.50"), "weak": False},
        {"label": "Joinery", "value": 1, "weak": True},
        {"label": "Roofing", "value": 0, "weak": False},
    ],
}
PAIRS = {
    "title": "Before and after",
    "unit": "days",
    "first": "Before",
    "second": "After",
    "rows": [{"label": "Addermere", "first": 31, "second": 0}],
}
LINE = {
    "title": "Each month",
    "unit": "homes",
    "rows": [
        {"label": "May", "value": 5},
        {"label": "June", "value": 20},
        {"label": "July", "value": 2},
        {"label": "August", "value": 10},
    ],
}


def drawn(block, value) -> str:
    return block.render(block.to_python(value))


@pytest.mark.parametrize(
    ("number", "unit", "words"),
    [
        (Decimal("7.50"), "days", "7.5 days"),
        (100, "", "100"),
        (0, "of 10 told", "none of 10 told"),
        (0, "%", "0%"),
        (1200, "homes", "1,200 homes"),
    ],
)
def test_a_number_is_said_as_people_say_it(number, unit, words):
    assert format_value(number, unit) == words


@pytest.mark.parametrize(
    ("block", "value"), [(ChartBlock(), BARS), (PairsChartBlock(), PAIRS), (TimeChartBlock(), LINE)]
)
def test_every_chart_has_its_numbers_as_a_table_and_its_words_are_inert(block, value):
    html = drawn(block, value)
    body = re.search(r"<tbody.*?</tbody>", html, re.DOTALL)[0]
    for row in value["rows"]:
        assert row["label"] in body
        for name in set(row) & {"value", "first", "second"}:
            assert f">{format_number(row[name])}</td>" in body
    assert "<b>" not in html


def test_a_bar_that_is_pointed_out_is_striped_and_said_and_nothing_draws_nothing():
    html = drawn(ChartBlock(), BARS)
    heating, joinery, roofing = html.split('class="app-chart__row"')[1:4]
    assert 'width="1000"' in heating
    assert "app-chart__stripes" not in heating
    assert "app-chart__stripes" in joinery
    assert "1 of 10 told, fewest" in joinery
    assert "none of 10 told" in roofing
    assert "<rect" not in roofing.split("<figcaption")[0]


def test_the_two_bars_of_a_pair_are_named_and_drawn_apart():
    html = drawn(PairsChartBlock(), PAIRS)
    first, second = html.split('class="app-chart__row"')[1:3]
    assert ">Before</span>" in first
    assert "31 days" in first
    assert ">After</span>" in second
    assert "none" in second


def test_a_line_tells_where_it_starts_ends_and_how_far_it_went():
    html = drawn(TimeChartBlock(), LINE)
    words = "From 5 homes in May to 10 homes in August. Highest: 20 homes in June. Lowest: 2 homes in July."
    assert f"<title>Each month. {words}</title>" in html
    assert 'role="img"' in html
    assert 'points="0,180 333,0 667,216 1000,120"' in html


@pytest.mark.parametrize("block", [ChartBlock(), PairsChartBlock(), TimeChartBlock()])
def test_a_chart_that_is_half_filled_in_can_be_shown(block):
    row = dict.fromkeys(block.child_blocks["rows"].child_block.child_blocks)
    assert "Draft" in drawn(block, {"title": "Draft", "unit": "", "rows": [row]})
