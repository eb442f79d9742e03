"""Equality statistics, in which nobody can be identified."""

import datetime
import itertools
import uuid

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from forms.enums import Audience
from forms.models import EqualityCount, FormHandling, QuestionSet, Submission
from forms.reporting.equality_report import (
    FEWEST,
    NOT_SHOWN,
    TOO_FEW,
    hidden,
    published_counts,
    report_for,
    total_words,
)
from tests.factories.forms import FormPageFactory, question

ON = datetime.date(2026, 11, 22)


class TestTooFewToShow:
    @pytest.mark.parametrize(
        ("counts", "shown", "total"),
        [
            ([5, 6, 7], ["5", "6", "7"], "18"),
            ([4, 6, 7], [TOO_FEW, TOO_FEW, "7"], NOT_SHOWN),  # the 4 would follow from the rest
            ([4, 3, 20], [TOO_FEW, TOO_FEW, "20"], NOT_SHOWN),
            ([1, 2, 20], [TOO_FEW, TOO_FEW, TOO_FEW], NOT_SHOWN),  # three people in two answers are too few as well
            ([0, 9, 20], [TOO_FEW, TOO_FEW, "20"], NOT_SHOWN),
            ([1, 6, 6], [TOO_FEW, TOO_FEW, "6"], NOT_SHOWN),
            ([0, 0, 0], [TOO_FEW, TOO_FEW, TOO_FEW], TOO_FEW),
            ([5], ["5"], "5"),
            ([4], [TOO_FEW], TOO_FEW),
        ],
    )
    def test_an_answer_is_told_only_if_nobody_can_be_found_in_it(self, counts, shown, total):
        item = published_counts("How old are you?", dict(zip("abc", counts, strict=False)))
        assert [words for _, words in item.rows] == shown
        assert item.total == total

    @given(st.lists(st.integers(0, 9), min_size=1, max_size=3))
    def test_no_hidden_number_follows_from_what_is_shown(self, counts):
        """Two or more values remain possible for each suppressed count, for a reader who knows the rule."""
        kept, total = sorted(hidden(counts)), total_words(counts)
        assert all(counts[place] >= FEWEST for place in range(len(counts)) if place not in kept)
        possible = [set() for _ in kept]
        most = sum(counts[place] for place in kept) + FEWEST
        for guess in itertools.product(range(most), repeat=len(kept)):
            other = counts.copy()
            for place, number in zip(kept, guess, strict=True):
                other[place] = number
            if abs(sum(other) - sum(counts)) < FEWEST and sorted(hidden(other)) == kept and total_words(other) == total:
                for numbers, number in zip(possible, guess, strict=True):
                    numbers.add(number)
        assert all(len(numbers) > 1 for numbers in possible), counts


@pytest.fixture
def form(home):
    ages = QuestionSet.objects.create(
        name="Ages",
        questions=[
            question(
                "age", "radios", label="How old are you?", required=False, options=["Under 25", "25 to 64", "65 on"]
            )
        ],
    )
    return FormPageFactory(equality_questions=ages)


def count(form, year: int, **answers: int) -> None:
    for answer, number in answers.items():
        EqualityCount.objects.create(
            form_key=form.form_key,
            form_title=form.title,
            year=year,
            question="How old are you?",
            answer=answer.replace("_", " "),
            count=number,
        )


@pytest.mark.django_db
class TestReport:
    def test_an_answer_that_nobody_gave_is_told_as_one_that_few_gave(self, form, admin_user):
        count(form, 2025, **{"25_to_64": 9, "65_on": 8})
        [year] = report_for(admin_user, on=ON)
        assert year.questions[0].rows == [("Under 25", TOO_FEW), ("25 to 64", "9"), ("65 on", TOO_FEW)]

    def test_a_year_is_told_when_it_is_over(self, form, admin_user):
        count(form, 2026, **{"25_to_64": 9})
        assert report_for(admin_user, on=ON) == []
        assert [year.year for year in report_for(admin_user, on=datetime.date(2027, 1, 1))] == [2026]

    def test_it_outlives_the_form(self, form, admin_user):
        count(form, 2025, **{"25_to_64": 9, "65_on": 8})
        form.delete()
        assert report_for(admin_user, on=ON)[0].questions[0].rows == [("25 to 64", "9"), ("65 on", "8")]

    def test_it_is_for_those_who_handle_the_form(self, client, form, django_user_model):
        count(form, 2025, **{"25_to_64": 9})
        person = django_user_model.objects.create_user("handler")
        client.force_login(person)
        person.user_permissions.set(Permission.objects.filter(codename="access_admin"))
        refused = client.get(reverse("equality_report"))
        assert (refused.status_code, refused.url) == (302, "/admin/")
        person.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "handle_submission"]))
        response = client.get(reverse("equality_report"))
        assert "25 to 64" in response.content.decode()
        assert "no-store" in response["Cache-Control"]
        handling = FormHandling.objects.create(form_key=form.form_key, form_title="It")
        handling.groups.add(Group.objects.create(name="Others"))
        assert "25 to 64" not in client.get(reverse("equality_report")).content.decode()


@pytest.mark.django_db
class TestMembersYearlyForm:
    """Members answer once a year; there is no row for any of them (W32, H 8.2, K 4.4)."""

    @pytest.fixture
    def yearly(self, form):
        form.sections = "[]"
        form.audience = Audience.MEMBERS
        form.full_clean()
        form.save_revision().publish()
        return form

    def test_a_link_leads_to_questions_that_are_only_counted(self, client, yearly):
        assert client.get(yearly.get_url()).status_code == 403
        led = client.get(f"{yearly.get_url()}?key={yearly.link_key.hex}")
        address = reverse("form_equality", args=[yearly.form_key])
        assert (led.status_code, led.url) == (302, address)
        asked = client.get(address).content.decode()
        assert "How old are you?" in asked
        assert "the form you sent" not in asked
        name = asked.split('type="radio"')[1].split('name="')[1].split('"')[0]
        client.post(address, {name: "25 to 64"})
        assert EqualityCount.objects.get().count == 1
        assert not Submission.objects.exists()
        assert not client.cookies

    def test_sending_to_the_form_itself_stores_nothing(self, client, yearly):
        response = client.post(
            f"{yearly.get_url()}?key={yearly.link_key.hex}", {"key": uuid.uuid4().hex, "version": "1"}
        )
        assert response.status_code == 302
        assert not Submission.objects.exists()

    def test_a_form_that_asks_nothing_is_not_published(self, admin_in, yearly):
        fields = {
            "title": "It",
            "slug": yearly.slug,
            "kind": "general",
            "audience": "members",
            "keep_months": "24",
            "sections-count": "0",
            "start": "null",
            "other_ways": "null",
            "what_happens_next": "null",
            "equality_questions": "",
            "action-publish": "1",
        }
        edit = reverse("wagtailadmin_pages:edit", args=[yearly.pk])
        assert "Ask at least one question" in admin_in.post(edit, fields).content.decode()
        chosen = fields | {"equality_questions": str(yearly.equality_questions_id)}
        assert admin_in.post(edit, chosen).status_code == 302
