"""A panel's rules, said in plain words from the numbers (W24, W25, W27, W41; K 4.1, 4.3b, 8; C codes)."""

import pytest

from scrutiny_pages.models import Panel
from scrutiny_pages.panel_words import rules_in_words, vacancies, vacancy_words


@pytest.mark.parametrize(
    ("numbers", "sentence"),
    [
        ({"minimum_members": 4, "maximum_members": 12}, "The panel has between 4 and 12 members."),
        ({"minimum_members": 8, "maximum_members": 8}, "The panel has 8 members."),
        ({"maximum_members": 12}, "The panel has up to 12 members."),
        ({"minimum_members": 4}, "The panel has at least 4 members."),
        ({"quorum": 6}, "At least 6 members must be at a meeting for a decision to count."),
        ({"quorum": 1}, "At least 1 member must be at a meeting for a decision to count."),
        ({"absences_allowed": 3}, "A member who misses 3 meetings in a row may be asked to give up their seat."),
        ({"chair_term_years": 2}, "The chair serves for up to 2 years."),
        ({"probation_months": 6}, "New members have a trial period of 6 months."),
        ({"meetings_a_year": 12}, "It meets about 12 times a year."),
        ({"reviews_a_year": 3}, "It carries out about 3 reviews a year."),
    ],
)
def test_each_rule_is_one_sentence(numbers, sentence):
    assert rules_in_words(Panel(**numbers)) == [sentence]


def test_a_rule_that_is_not_set_is_not_said():
    assert rules_in_words(Panel()) == []


@pytest.mark.parametrize(("maximum", "taken", "left"), [(12, 10, 2), (12, 12, 0), (12, 13, 0), (None, 40, None)])
def test_vacancies_are_what_the_limit_leaves(maximum, taken, left):
    assert vacancies(maximum=maximum, taken=taken) == left


@pytest.mark.parametrize(
    ("recruiting", "open_seats", "words"),
    [
        (True, 2, "2 seats are open on the Scrutiny Panel"),
        (True, 1, "One seat is open on the Scrutiny Panel"),
        (True, 0, ""),
        (True, None, "The Scrutiny Panel is open to new members"),
        (False, 2, ""),
    ],
)
def test_a_panel_says_that_it_looks_for_members(recruiting, open_seats, words):
    assert vacancy_words(name="Scrutiny Panel", recruiting=recruiting, open_seats=open_seats) == words
