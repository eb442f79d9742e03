"""StreamField serialisation: typed blocks, public HTML, and nothing that an anonymous user may not see."""

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction

from tests.factories import pages, records

pytestmark = pytest.mark.django_db


def document(title: str, collection=None):
    fields = {"collection": collection} if collection else {}
    return get_document_model().objects.create(
        title=title, file=ContentFile(b"words", f"{title}.txt"), file_size=5, **fields
    )


@pytest.fixture
def closed(home):
    collection = Collection.get_first_root_node().add_child(name="Closed")
    CollectionViewRestriction.objects.create(collection=collection, restriction_type="login")
    return document("closed", collection)


@pytest.fixture
def image(home):
    return get_image_model().objects.create(title="A door", file=get_test_image_file(size=(1200, 600)))


def body_of(client, page) -> list[dict]:
    return client.get(f"/api/v2/pages/{page.pk}/").json()["body"]


def test_a_text_is_the_publics_html_and_leads_only_where_the_public_may_go(client, home, closed):
    shown, draft = pages.StandardPageFactory(title="Shown"), pages.StandardPageFactory(live=False)
    private = pages.StandardPageFactory()
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    opened = document("opened")
    links = [("page", shown.pk), ("page", draft.pk), ("page", private.pk), ("page", 99999)]
    links += [("document", opened.pk), ("document", closed.pk)]
    told = "".join(f'<p><a id="{key}" linktype="{kind}">Word <b>{n}</b></a></p>' for n, (kind, key) in enumerate(links))
    plain = '<p data-block-key="ab1">See <a href="https://example.org/">elsewhere</a>.</p>'
    page = pages.StandardPageFactory(body=[("text", told + plain)])
    [block] = body_of(client, page)
    assert set(block) == {"type", "id", "value"}
    assert block["value"] == (
        f'<p><a href="{shown.get_url()}">Word <b>0</b></a></p>'
        "<p>Word <b>1</b></p><p>Word <b>2</b></p><p>Word <b>3</b></p>"
        f'<p><a href="http://testserver{opened.url}">Word <b>4</b></a></p>'
        "<p>Word <b>5</b></p>"
        '<p>See <a href="https://example.org/">elsewhere</a>.</p>'
    )


def test_a_picture_is_where_it_is_in_two_sizes_and_what_it_shows(client, image):
    image.contextual_alt_text, image.decorative = "A green door", False
    page = pages.StandardPageFactory(body=[("photo", {"image": image, "caption": "Ours", "consent": "PRIVATE"})])
    value = body_of(client, page)[0]["value"]
    picture = value.pop("image")
    assert value == {"caption": "Ours"}
    assert (picture["alt"], picture["width"], picture["height"]) == ("A green door", 960, 480)
    assert (picture["smaller"]["width"], picture["smaller"]["height"]) == (480, 240)
    for size in (picture, picture["smaller"]):
        assert size["url"].startswith("http://testserver/media/images/")


def test_a_file_and_a_link_are_told_only_while_they_are_public(client, home, closed):
    opened = document("opened")
    evidence = {"title": "Survey", "source": "The panel", "text": "", "url": ""}
    form = pages.StandardPageFactory(title="Shown")
    calls = [{"heading": "Go", "text": "", "link": {"page": form, "url": "", "label": ""}}]
    blocks = [("evidence", evidence | {"document": one}) for one in (opened, closed)]
    page = pages.StandardPageFactory(body=[*blocks, *(("call", call) for call in calls)])
    told = body_of(client, page)
    assert told[0]["value"]["document"] == {"title": "opened", "url": f"http://testserver{opened.url}", "size": 5}
    assert told[1]["value"]["document"] is None
    link = {"id": form.pk, "title": "Shown", "url": form.get_url()}
    assert told[2]["value"]["link"]["page"] == link
    form.unpublish()
    hidden = body_of(client, page)[2]["value"]
    assert (hidden["link"]["page"], hidden["shown"]) == (None, {"url": None, "label": ""})


def test_a_block_that_points_at_a_record_tells_what_is_public_of_it(client, home):
    shown, hidden = records.MeetingFactory(theme="Gates"), records.MeetingFactory(is_public=False)
    report = pages.ReportPageFactory(title="Damp", summary="In short.")
    body = [("meeting", {"meeting": shown}), ("meeting", {"meeting": hidden}), ("report", {"page": report})]
    told = body_of(client, pages.NewsletterPageFactory(body=body))
    assert told[0]["value"]["shown"]["theme"] == "Gates"
    assert told[1]["value"] == {"shown": None}
    assert told[2]["value"]["shown"] == {
        "page": {"id": report.pk, "title": "Damp", "url": report.get_url()},
        "summary": "In short.",
    }


@pytest.mark.parametrize("number", [2, 20])
def test_a_story_costs_the_same_however_long_it_is(client, image, number):
    image.contextual_alt_text, image.decorative = "A door", False
    linked = [pages.StandardPageFactory() for _ in range(number)]
    body = [("text", f'<p><a id="{page.pk}" linktype="page">Go</a></p>') for page in linked]
    body += [("photo", {"image": image, "caption": "", "consent": ""})] * number
    page = pages.StandardPageFactory(body=body)
    body_of(client, page)
    with CaptureQueriesContext(connection) as captured:
        assert len(body_of(client, page)) == 2 * number
    assert len(captured) == 15, "\n".join(query["sql"][:160] for query in captured)
