"""The site's icons: from the landlord's logo, or a letter on its colour; at permanent URLs."""

import io

import pytest
from django.core.files.images import ImageFile
from PIL import Image
from wagtail.images import get_image_model

from cms.core.models import SiteSettings
from tests.reading import head_of

pytestmark = pytest.mark.django_db

RED = (200, 0, 0, 255)


@pytest.fixture
def site(home):
    settings = SiteSettings.for_site(home.get_site())
    settings.organisation, settings.brand_colour = "Fernmoor Homes", "#0b4f5c"
    settings.save()
    return settings


@pytest.fixture
def logo(site):
    """A wide red logo with a transparent background."""
    drawn = Image.new("RGBA", (400, 100), (0, 0, 0, 0))
    drawn.paste(RED, (0, 40, 400, 60))
    file = io.BytesIO()
    drawn.save(file, "PNG")
    file.seek(0)
    image = get_image_model().objects.create(title="Logo", description="Fernmoor", file=ImageFile(file, "wide.png"))
    site.logo = image
    site.save()
    return image


def picture(client, address: str) -> Image.Image:
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert "max-age=86400" in answer["Cache-Control"]
    assert client.get(address, headers={"if-none-match": answer["ETag"]}).status_code == 304
    return Image.open(io.BytesIO(answer.content)).convert("RGBA")


SIZES = {"/favicon.ico": 32, "/apple-touch-icon.png": 180} | {
    f"/icons/{size}.png": size for size in (32, 180, 192, 512)
}


@pytest.mark.parametrize(("address", "size"), SIZES.items())
def test_a_wide_logo_is_padded_to_a_square_and_not_stretched(logo, client, address, size):
    icon = picture(client, address)
    assert icon.size == (size, size)
    middle, corner = icon.getpixel((size // 2, size // 2)), icon.getpixel((1, 1))
    assert abs(middle[0] - RED[0]) < 30
    assert middle[1] < 40
    # In a browser's tab what is clear stays clear; a phone would make it black, so there it is white.
    assert corner == ((0, 0, 0, 0) if size == 32 else (255, 255, 255, 255))


@pytest.mark.parametrize(("address", "size"), SIZES.items())
def test_without_a_logo_it_is_a_letter_on_the_landlords_colour(site, client, address, size):
    icon = picture(client, address)
    assert icon.size == (size, size)
    assert icon.getpixel((1, 1)) == (0x0B, 0x4F, 0x5C, 255)
    assert (255, 255, 255, 255) in {colour for _, colour in icon.getcolors(100_000)}


def test_a_logo_whose_file_is_gone_breaks_nothing(logo, client):
    logo.file.storage.delete(logo.file.name)
    for address in ("/icons/32.png", "/icons/share.png", "/"):
        assert client.get(address).status_code == 200


def test_a_page_names_its_icons_and_shows_the_logo_beside_the_name(logo, client, site):
    html = client.get("/").content.decode()
    head = head_of(client, "/")
    assert [link["href"] for link in head.links["icon"]] == ["/icons/32.png"]
    assert [link["href"] for link in head.links["apple-touch-icon"]] == ["/icons/180.png"]
    header = html.split("<header")[1].split("</header>")[0]
    assert 'alt=""' in header
    assert "width=" in header
    assert "height=" in header
    assert "Fernmoor Homes" in header
    site.logo = None
    site.save()
    [link] = head_of(client, "/").links["icon"]
    assert link["href"] == "/brand/0b4f5c/F.svg"
    letter = client.get(link["href"])
    assert letter["Content-Type"] == "image/svg+xml"
    assert "immutable" in letter["Cache-Control"]
    assert b"#0b4f5c" in letter.content


def test_the_manifest_names_pictures_that_are_there(logo, client):
    told = client.get("/site.webmanifest").json()
    assert told["theme_color"] == "#0b4f5c"
    for icon in told["icons"]:
        assert "x".join(map(str, picture(client, icon["src"]).size)) == icon["sizes"]


def test_a_new_logo_is_a_new_picture(logo, client, site):
    before = client.get("/icons/192.png")["ETag"]
    site.logo = None
    site.save()
    assert client.get("/icons/192.png")["ETag"] != before


@pytest.mark.parametrize(
    "address", ["/icons/33.png", "/icons/9999.png", "/brand/0b4f5c/</svg>.svg", "/brand/0b4f5c/%3C.svg"]
)
def test_no_other_size_or_sign_is_drawn(home, client, address):
    assert client.get(address).status_code == 404
