"""Scheduled erasure of expired drafts, unsent files and emailed links."""

import datetime

from django.db.models import Q
from post_office.models import STATUS, Email

from cms.core.scheduler.registry import timed

from ..answers.drafts import MAILED
from ..answers.uploads import forget_unsent, sweep_files
from ..models import SavedForm

# A file may belong to a form that was saved, so it lasts a day longer: keeping the form keeps the file from then on.
FILES = MAILED + datetime.timedelta(days=1)
WITHOUT_ROW = datetime.timedelta(days=1)
UNSENT_MAIL = datetime.timedelta(days=2)


@timed
def erase_unsent(at: datetime.datetime) -> None:
    """Delete expired drafts, and files that were never sent."""
    SavedForm.objects.filter(expires_at__lte=at).delete()
    forget_unsent(before=at - FILES)


@timed
def sweep_away(at: datetime.datetime) -> None:
    """Delete files that a killed process left without a row."""
    sweep_files(before=at - WITHOUT_ROW)


@timed
def forget_links(at: datetime.datetime) -> None:
    """Delete sent emails that contain a link to a draft: whoever reads the link can open the draft."""
    done = Q(status=STATUS.sent) | Q(status=STATUS.failed, created__lt=at - UNSENT_MAIL)
    Email.objects.filter(done, message__contains="/forms/saved/").delete()
