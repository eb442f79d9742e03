"""Twenty people at one moment, each with a connection and a transaction of their own."""

import threading
import uuid
from collections.abc import Callable

from django.db import connections

from forms.models import FormVersion, Submission
from forms.submissions import submit
from forms.versions import ensure_version
from tests.factories.forms import FormPageFactory


def twenty_at_once(act: Callable) -> list:
    """Give what twenty threads got that acted at the same moment; none may fail."""
    ready, got, wrong = threading.Barrier(20), [], []

    def one() -> None:
        ready.wait()
        try:
            got.append(act())
        except Exception as error:
            wrong.append(error)
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=one) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(got) == 20
    return got


def test_twenty_sending_with_one_key_are_one(committed):
    version, key = ensure_version(FormPageFactory()), uuid.uuid4()
    references = twenty_at_once(lambda: submit(version=version, answers={"why": "A"}, key=key).reference)
    assert len(set(references)) == Submission.objects.count() == 1


def test_twenty_first_visitors_make_one_version(committed):
    form = FormPageFactory()
    FormVersion.objects.all().delete()
    assert len(set(twenty_at_once(lambda: ensure_version(form).pk))) == FormVersion.objects.count() == 1
