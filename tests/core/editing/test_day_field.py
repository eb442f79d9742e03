"""Case AR15: a day that staff type is read or refused, and never silently another day."""

import datetime

import pytest
from django.urls import reverse

from cms.core.editing.day_field import DayField
from scrutiny_pages.models import ReviewStage, StageRecord
from tests.factories import pages

D = datetime.date
DAY = D(2026, 11, 20)


@pytest.mark.parametrize(
    "typed",
    [
        "20/11/2026",
        "20/11/26",
        "2026-11-20",
        "20 November 2026",
        "20 Nov 2026",
        "20 november 2026",
        " 20.11.2026 ",
        "20-11-2026",
    ],
)
def test_a_day_is_read_as_people_write_it(typed):
    assert DayField().clean(typed) == DAY


@pytest.mark.parametrize(
    "typed",
    [
        "tomorrow",
        "20",
        "20/11",
        "31/02/2026",
        "11/20/2026",
        "2026-20-11",
        "20/11/2026 or so",
        "0",
        "Friday",
        "²⁰/11/2026",
    ],
)
def test_what_cannot_be_read_is_refused_with_the_way_to_write_it(typed):
    with pytest.raises(Exception, match="Write it as 20/11/2026, or as 20 November 2026"):
        DayField().clean(typed)


@pytest.mark.django_db
class TestStage:
    @pytest.fixture
    def screen(self, home):
        review = pages.ReviewPageFactory(started_on=D(2026, 10, 1), state="under_way")
        stage = ReviewStage.objects.create(review=review, name="Read")
        return reverse("record_stage", args=[review.pk]), {
            "stage": str(stage.key),
            "what": "done",
            "words": "We read it.",
        }

    @pytest.mark.parametrize("typed", ["2026-11-20", "20 November 2026"])
    def test_a_stage_is_done_on_the_day_that_was_typed(self, admin_in, screen, typed):
        address, data = screen
        assert admin_in.post(address, data | {"on": typed}).status_code == 302
        assert StageRecord.objects.get().done_on == DAY

    def test_words_are_refused_and_stay_in_the_field(self, admin_in, screen):
        address, data = screen
        answer = admin_in.post(address, data | {"on": "tomorrow"})
        words = answer.content.decode()
        assert 'value="tomorrow"' in words
        assert "Write it as 20/11/2026" in words
        assert "We read it." in words
        assert not StageRecord.objects.exists()

    def test_the_date_picker_is_kept_from_changing_what_was_typed(self, admin_in, screen):
        address, data = screen
        words = admin_in.get(f"{address}?stage={data['stage']}&what=done").content.decode()
        script = "core/admin-dates"
        assert words.index("jquery.datetimepicker") < words.index(script) < words.index("date-time-chooser.js")
