"""What staff see of forms in the admin."""

from wagtail_modeladmin.options import modeladmin_register

from .registers import ReceivedGroup

modeladmin_register(ReceivedGroup)
