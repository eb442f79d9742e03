"""Admin viewsets of settings for handling: message wordings, and handling groups."""

from cms.core.admin.record_views import RecordViewSet

from ..models import FormHandling, MessageWording


class WordingViewSet(RecordViewSet):
    """The viewset of message wordings."""

    model = MessageWording
    icon = "comment"
    list_display = ["name", "kind", "state"]
    list_filter = ["kind"]
    copy_view_enabled = False


class HandlingViewSet(RecordViewSet):
    """The viewset of handling groups."""

    model = FormHandling
    icon = "lock"
    menu_label = "Who handles forms"
    list_display = ["form_title"]
    copy_view_enabled = False
