"""What is set up for handling, once and seldom changed: words to send, and who handles which form."""

from cms.core.admin.record_views import RecordViewSet

from ..models import FormHandling, MessageWording


class WordingViewSet(RecordViewSet):
    """Words that staff send again and again."""

    model = MessageWording
    icon = "comment"
    list_display = ["name", "kind", "state"]
    list_filter = ["kind"]
    copy_view_enabled = False


class HandlingViewSet(RecordViewSet):
    """Who handles what comes with a form."""

    model = FormHandling
    icon = "lock"
    menu_label = "Who handles forms"
    list_display = ["form_title"]
    copy_view_enabled = False
