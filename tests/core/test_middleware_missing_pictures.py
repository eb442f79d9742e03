"""An image whose file is missing is reported in the admin: no view fails, and it can be replaced."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file

pytestmark = pytest.mark.django_db
FILE = get_test_image_file().file.getvalue()
TOLD = "The file of this picture is missing"


@pytest.fixture
def gone(settings, tmp_path):
    """Return an image whose file is missing."""
    settings.MEDIA_ROOT = tmp_path
    picture = get_image_model().objects.create(title="Gone", file=get_test_image_file())
    picture.file.storage.delete(picture.file.name)
    return picture


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("wagtailimages:preview", ["width-100"]),
        ("wagtailimages:preview", ["original"]),
        ("wagtailimages_chooser:chosen", []),
    ],
)
def test_what_needs_the_file_says_that_it_is_missing(gone, admin_in, name, more):
    answer = admin_in.get(reverse(name, args=[gone.pk, *more]))
    assert answer.status_code == 404
    assert TOLD in answer.content.decode()


def test_several_of_which_one_is_gone_say_so(gone, admin_in):
    answer = admin_in.get(reverse("wagtailimages_chooser:chosen_multiple"), {"id": gone.pk})
    assert (answer.status_code, TOLD in answer.content.decode()) == (404, True)


@pytest.mark.parametrize("name", ["edit", "delete", "image_usage"])
def test_its_screens_open(gone, admin_in, name):
    assert admin_in.get(reverse(f"wagtailimages:{name}", args=[gone.pk])).status_code == 200


def test_it_cannot_be_saved_without_its_file(gone, admin_in):
    data = {"title": "New", "collection": gone.collection_id, "tags": ""}
    answer = admin_in.post(reverse("wagtailimages:edit", args=[gone.pk]), data)
    assert (answer.status_code, TOLD in answer.content.decode()) == (200, True)


def test_its_file_can_be_sent_again(gone, admin_in):
    data = {"title": "Back", "collection": gone.collection_id, "tags": "", "file": SimpleUploadedFile("a.png", FILE)}
    assert admin_in.post(reverse("wagtailimages:edit", args=[gone.pk]), data).status_code == 302
    assert admin_in.get(reverse("wagtailimages:preview", args=[gone.pk, "width-100"])).status_code == 200
