"""No word is torn in a table or beside a bar, and nothing pushes a page sideways."""

import pytest

from tests.browser.places import REPORT

# The words of what a selector finds that stand on more than one line, as the browser laid them out.
TORN = """selector => [...document.querySelectorAll(selector)].flatMap(element => {
  const torn = [], walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    for (const word of walker.currentNode.data.matchAll(/[\\p{L}\\p{N}]+/gu)) {
      const range = document.createRange();
      range.setStart(walker.currentNode, word.index);
      range.setEnd(walker.currentNode, word.index + word[0].length);
      if (new Set([...range.getClientRects()].map(box => Math.round(box.top))).size > 1) torn.push(word[0]);
    }
  }
  return torn;
})"""


@pytest.mark.parametrize("width", [641, 768, 1020, 1280])
def test_case_p3_a_reports_table_of_recommendations_tears_no_word(visitor, width):
    page = visitor.window(viewport={"width": width, "height": 900})
    page.goto(REPORT)

    assert page.locator("table.app-table--stack tbody tr").count() > 3
    assert page.evaluate(TORN, "table.app-table--stack td, table.app-table--stack th") == []


@pytest.mark.parametrize("width", [320, 360, 700, 1280])
def test_case_p4_no_name_is_torn_beside_its_bar_with_text_twice_as_large(visitor, width):
    page = visitor.window(viewport={"width": width, "height": 900})
    page.goto(REPORT)
    page.evaluate("document.documentElement.style.fontSize = '200%'")

    assert page.locator(".app-chart__label").count() > 3
    assert page.evaluate(TORN, ".app-chart__label, .app-chart__value") == []


def test_case_p9_a_long_word_in_the_list_of_contents_wraps(visitor):
    page = visitor.window(viewport={"width": 320, "height": 900})
    page.goto(REPORT)
    page.locator(".app-contents__list a").first.evaluate("link => { link.textContent = 'm'.repeat(60) }")

    assert page.evaluate("document.documentElement.scrollWidth") == 320
