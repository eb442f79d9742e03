"""``manage.py run_scheduled_tasks``: all scheduled work. Run it every minute; missed runs are caught up."""

import datetime
from typing import Any

from django.utils import timezone

from cms.core.commands import SiteCommand
from cms.core.emails import send_waiting
from cms.core.models.lock import lock_held
from cms.core.pdf.generation import make_due
from cms.core.scheduler.publishing import publish_and_expire
from cms.core.scheduler.registry import do_timed

LONGEST = datetime.timedelta(minutes=10)  # longer than sending takes at its slowest


class Command(SiteCommand):
    """Send emails and webhooks, publish, expire, erase and make PDFs, unless another run is still in progress."""

    help = "Do what is due and not yet done: mail, publishing, erasing, webhooks, PDFs. Run it every minute."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run all tasks that are due, under a lock."""
        with lock_held("run_scheduled_tasks", at_most=LONGEST) as ours:
            if not ours:
                return
            # Mail first: the lease has to outlast the sending, or another tick would send the same.
            if words := str(send_waiting()):
                self.stdout.write(words)
            for problem in publish_and_expire(timezone.now()):
                self.stderr.write(problem)
            for problem in do_timed(timezone.now()):
                self.stderr.write(problem)
            # Last, because it takes longest and can wait.
            for problem in make_due(timezone.now()):
                self.stderr.write(problem)
