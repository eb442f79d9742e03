"""Twenty people at one moment, each with a connection and a transaction of their own."""

import threading
import uuid

from django.db import connections

from forms.models import FormVersion, Submission
from forms.submissions import submit
from forms.versions import ensure_version
from tests.factories.forms import FormPageFactory


def test_twenty_at_once_with_one_key_are_one(committed):
    version = ensure_version(FormPageFactory())
    key = uuid.uuid4()
    ready = threading.Barrier(20)
    found, wrong = [], []

    def send() -> None:
        ready.wait()
        try:
            found.append(submit(version=version, answers={"why": "A"}, key=key).reference)
        except Exception as error:
            wrong.append(error)
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=send) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(found) == 20
    assert len(set(found)) == 1
    assert Submission.objects.count() == 1


def test_twenty_first_visitors_make_one_version(committed):
    form = FormPageFactory()
    FormVersion.objects.all().delete()
    found, wrong = [], []

    def visit() -> None:
        try:
            found.append(ensure_version(form).pk)
        except Exception as error:
            wrong.append(error)
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=visit) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(set(found)) == 1
    assert FormVersion.objects.count() == 1
