"""Who sits on which panel: a private register, never a page or a snippet."""

from django.db import models
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel

from ..enums import MemberRole, MemberStanding
from ..querysets import MembershipQuerySet
from .panel import Panel


class Membership(models.Model):
    """One person's seat on one panel."""

    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="memberships")
    name = models.CharField(max_length=120)
    email = models.EmailField(blank=True)
    role = models.CharField(max_length=12, choices=MemberRole, default=MemberRole.MEMBER)
    standing = models.CharField(max_length=12, choices=MemberStanding, default=MemberStanding.JOINING)
    joined_on = models.DateField(null=True, blank=True)
    left_on = models.DateField(null=True, blank=True)
    name_is_public = models.BooleanField(
        "agreed to be named",
        default=False,
        help_text="Tick only if this person said that their name may be on the website.",
    )

    objects = MembershipQuerySet.as_manager()

    panels = [
        FieldPanel("panel"),
        MultiFieldPanel([FieldPanel("name"), FieldPanel("email"), FieldPanel("name_is_public")], heading="Person"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("role"), FieldPanel("standing")]),
                FieldRowPanel([FieldPanel("joined_on"), FieldPanel("left_on")]),
            ],
            heading="Seat",
        ),
    ]

    class Meta:
        ordering = ["panel", "name"]
        # One permission opens the register; Wagtail's own screens for models do not apply to it.
        default_permissions = ()
        permissions = [("handle_membership", "Can see and change who sits on which panel")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(left_on__isnull=True)
                | models.Q(joined_on__isnull=True)
                | models.Q(left_on__gte=models.F("joined_on")),
                name="membership_left_after_joining",
                violation_error_message="The day of leaving is before the day of joining.",
            )
        ]

    def __str__(self) -> str:
        """Name the seat, not the person: this is what logs keep."""
        return f"{self.get_role_display()} of {self.panel}"
