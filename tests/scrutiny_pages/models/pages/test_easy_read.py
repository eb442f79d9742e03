"""Easy Read pages: pictures and short sentences, linked from and back to their parent page."""

import pytest
from django.core.exceptions import ValidationError

from scrutiny_pages.models.pages.easy_read import too_long
from tests.factories import pages

PAIR = ("pair", {"image": None, "sentence": "We read 60 reports."})


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("We read 60 reports of damp.", ""),
        (" ".join(["word"] * 15), ""),
        (" ".join(["word"] * 16), "16 words in one sentence"),
        ("It was damp. Nobody came.", "2 sentences"),
        ("Call us at 6.30 today", ""),
        ("", ""),
    ],
)
def test_what_makes_a_sentence_hard_is_said(text, why):
    assert too_long(text) == why


@pytest.mark.django_db
@pytest.mark.parametrize("factory", [pages.ReportPageFactory, pages.StandardPageFactory])
def test_it_is_found_from_its_page_and_leads_back(home, client, factory):
    page = factory(title="The whole of it")
    easy = pages.EasyReadPageFactory(parent=page, body=[PAIR], title="Easy")
    polish = pages.EasyReadPageFactory(parent=page, body=[PAIR], title="Proste", language="pl")
    arabic = pages.EasyReadPageFactory(parent=page, language="ar", live=False)
    html = client.get(page.get_url()).content.decode()
    assert f'<a href="{easy.get_url()}" hreflang="en-GB">Easy Read</a>' in html
    assert f'<a href="{polish.get_url()}" hreflang="pl">Easy Read in Polish (polski)</a>' in html
    assert arabic.get_url() not in html
    told = client.get(polish.get_url()).content.decode()
    assert f'<a href="{page.get_url()}">The whole of it</a>' in told
    assert 'lang="pl" dir="ltr"' in told
    assert "We read 60 reports." in told


@pytest.mark.django_db
def test_it_is_as_public_as_the_page_it_tells_again(home, client):
    page = pages.ReportPageFactory()
    easy = pages.EasyReadPageFactory(parent=page)
    page.unpublish()
    assert client.get(easy.get_url()).status_code == 404


@pytest.mark.django_db
def test_an_editor_is_told_of_long_sentences_and_may_publish_them(home, admin_in):
    long = ("pair", {"image": None, "sentence": "word " * 20})
    easy = pages.EasyReadPageFactory(body=[PAIR, long])
    answer = admin_in.get(f"/admin/pages/{easy.pk}/edit/")
    assert "20 words in one sentence" in answer.content.decode()
    assert easy.live


@pytest.mark.django_db
@pytest.mark.parametrize("slug", ["pdf", "large-print"])
def test_it_does_not_take_an_address_of_the_page_above(home, slug):
    with pytest.raises(ValidationError, match=f"has its own “{slug}” address"):
        pages.EasyReadPageFactory(slug=slug)
    assert pages.EasyReadPageFactory(slug=f"{slug}-2").live
