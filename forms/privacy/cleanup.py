"""What was begun and never sent is erased when its time is over."""

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
    """Erase forms that nobody touched for too long, and files that were never sent."""
    SavedForm.objects.filter(expires_at__lte=at).delete()
    forget_unsent(before=at - FILES)


@timed
def sweep_away(at: datetime.datetime) -> None:
    """Delete files that a process left behind when it was killed."""
    sweep_files(before=at - WITHOUT_ROW)


@timed
def forget_links(at: datetime.datetime) -> None:
    """Take mails with a link to a form that was begun out of the outbox once they are sent: the link opens the form."""
    done = Q(status=STATUS.sent) | Q(status=STATUS.failed, created__lt=at - UNSENT_MAIL)
    Email.objects.filter(done, message__contains="/forms/saved/").delete()
