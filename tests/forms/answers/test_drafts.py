"""Saving a draft, and returning to it by an emailed link."""

import datetime
import re

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from forms.answers.drafts import cookie_name
from forms.answers.encryption import SealBroken, digest_of_secret, new_secret, seal, unseal
from forms.enums import Audience
from forms.models import SavedForm, Submission
from forms.privacy.cleanup import erase_unsent
from forms.submission.draft_views import MOST_MAILS, MOST_WRONG_LINKS
from tests.factories.forms import FormPageFactory, question, republish, section

pytestmark = pytest.mark.django_db


@pytest.fixture
def form():
    parts = [section(question("a"), section_id="one"), section(question("b", "email"), section_id="two")]
    return FormPageFactory(sections=parts)


def saved(client, form, **fields) -> str:
    """Save a draft, and return the path in the email."""
    client.post(f"{form.get_url()}?section=one", {"q-a": "Words of mine", "later": "1"} | fields)
    response = client.post(f"{form.get_url()}?page=save", {"q-address": "ada@example.org"})
    assert response["Location"].endswith("?page=saved")
    found = re.search(r"http://[^/]+(/forms/saved/\S+/)", Email.objects.latest("pk").message)
    assert found
    return found.group(1)


def test_a_mailed_link_leads_back_on_another_device(client, form):
    link = saved(client, form)
    page = client.get(f"{form.get_url()}?page=saved").content.decode()
    assert "Your form is saved" in page
    assert "ada@example.org" not in page
    other = Client()
    looked = other.get(link)
    assert looked.status_code == 200
    assert not other.cookies.get(cookie_name(form))
    assert "Words of mine" not in looked.content.decode()
    assert other.post(link)["Location"].endswith("?section=one")
    assert "Words of mine" in other.get(f"{form.get_url()}?section=one").content.decode()
    # And again, since it is the person's until the form is sent.
    assert Client().post(link).status_code == 303


def test_what_is_wrong_can_be_saved_too(client, form):
    response = client.post(f"{form.get_url()}?section=one", {"q-a": "long " * 100, "later": "1"})
    assert response["Location"].endswith("?page=save")
    assert "long long" in client.get(f"{form.get_url()}?section=one").content.decode()


def test_a_member_comes_back_without_the_members_link(client, form):
    client.get(f"{republish(form, audience=Audience.MEMBERS).get_url()}?key={form.link_key.hex}")
    link, other = saved(client, form), Client()
    assert other.get(f"{form.get_url()}?section=one").status_code == 403
    assert "Words of mine" in other.post(link, follow=True).content.decode()


def test_once_it_is_sent_the_link_leads_to_the_reference(client, form):
    link = saved(client, form)
    client.post(f"{form.get_url()}?section=one", {"q-a": "A"})
    client.post(f"{form.get_url()}?section=two", {"q-b": "ada@example.org"})
    client.post(f"{form.get_url()}?page=check")
    assert not SavedForm.objects.exists()
    for method in ("get", "post"):
        response = getattr(Client(), method)(link)
        assert response["Location"] == reverse("form_received", args=[Submission.objects.get().token])


def test_it_lasts_for_30_days_and_then_it_is_erased(client, form):
    link = saved(client, form)
    row = SavedForm.objects.get()
    assert row.expires_at - timezone.now() > datetime.timedelta(days=29, hours=23)
    erase_unsent(row.expires_at - datetime.timedelta(seconds=1))
    assert Client().get(link).status_code == 200
    SavedForm.objects.update(expires_at=timezone.now())
    assert Client().get(link).status_code == 404
    call_command("run_scheduled_tasks")
    assert not SavedForm.objects.exists()


def test_what_nobody_saved_lasts_for_two_days(client, form):
    client.post(f"{form.get_url()}?section=one", {"q-a": "A"})
    lasts = SavedForm.objects.get().expires_at - timezone.now()
    assert datetime.timedelta(days=1, hours=23) < lasts <= datetime.timedelta(days=2)


def test_the_mail_has_a_link_and_nothing_else_and_leaves_no_trace(client, form):
    saved(client, form)
    mail = Email.objects.get()
    assert mail.to == ["ada@example.org"]
    assert not {"Words of mine", form.title} & set(mail.message.splitlines())
    call_command("run_scheduled_tasks")
    call_command("run_scheduled_tasks")
    assert not Email.objects.exists()
    assert b"ada@" not in bytes(SavedForm.objects.get().sealed)


def test_nobody_has_mail_sent_to_a_wrong_address(client, form):
    client.post(f"{form.get_url()}?section=one", {"q-a": "A", "later": "1"})
    for address in ("", "nobody", "a@b\nc@d.org"):
        asked = client.post(f"{form.get_url()}?page=save", {"q-address": address}, follow=True)
        assert "Enter " in asked.context["problems"][0][1]
    assert not Email.objects.exists()


def ask_for_link(client, form, address, **headers):
    return client.post(f"{form.get_url()}?page=save", {"q-address": address}, headers=headers)


def test_nobody_is_sent_many_links(client, form):
    for _ in range(MOST_MAILS):
        saved(client, form)
    stopped = ask_for_link(client, form, "ADA@example.org", **{"x-forwarded-for": "203.0.113.9"})
    assert stopped.status_code == 429
    assert "Look for the last one" in stopped.content.decode()
    assert Email.objects.count() == MOST_MAILS
    assert ask_for_link(client, form, "b@example.org").status_code == 303


def test_nobody_has_many_links_sent(client, form, home_phone, settings):
    settings.FORM_RATE_LIMIT = 2
    for at in range(2):
        client.post(f"{form.get_url()}?section=one", {"q-a": "Words of mine", "later": "1"})
        assert ask_for_link(client, form, f"somebody-{at}@example.org").status_code == 303
    stopped = ask_for_link(client, form, "another@example.org", **{"x-forwarded-for": "203.0.113.9"})
    assert stopped.status_code == 429
    assert home_phone in stopped.content.decode()


def test_nobody_guesses_links(client, form, home_phone):
    link = saved(client, form)
    for at in range(MOST_WRONG_LINKS):
        wrong = reverse("form_saved", args=[new_secret()])
        assert client.get(wrong, headers={"x-forwarded-for": f"203.0.113.{at}"}).status_code == 404
    for address in (wrong, link):
        stopped = client.get(address, headers={"x-forwarded-for": "198.51.100.1"})
        assert stopped.status_code == 429
        assert home_phone in stopped.content.decode()
    assert Client(REMOTE_ADDR="203.0.113.77").get(link).status_code == 200


@pytest.mark.parametrize("secret", ["x", "A" * 43, "A" * 2000, "%00", "%F0%9F%92%A9", "..", "é" * 43])
def test_a_link_to_nothing_says_so(client, secret):
    assert client.get(f"/forms/saved/{secret}/").status_code in (400, 404)


def test_the_link_is_told_to_nobody(client, form):
    link = saved(client, form)
    for response in (client.get(link), client.post(link)):
        assert response["Referrer-Policy"] == "strict-origin"
        assert response["Cache-Control"] == "private, no-store"


def test_a_link_needs_the_button_of_its_own_page(client, form):
    """Otherwise another site could open its own draft in somebody's browser, and read what they type."""
    assert Client(enforce_csrf_checks=True).post(saved(client, form)).status_code == 403


def test_only_the_secret_opens_what_it_sealed():
    mine, other = new_secret(), new_secret()
    sealed = seal(mine, {"a": "é"})
    assert unseal(mine, sealed) == {"a": "é"}
    for wrong in (lambda: unseal(other, sealed), lambda: unseal(mine, sealed[:-4] + b"AAAA")):
        with pytest.raises(SealBroken):
            wrong()
    with pytest.raises(SealBroken):
        unseal(digest_of_secret(mine), sealed)
