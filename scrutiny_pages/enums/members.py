"""Roles and statuses of members."""

from django.db.models import TextChoices


class MemberStanding(TextChoices):
    """Statuses of a member of a panel."""

    JOINING = "joining", "Joining"
    ACTIVE = "active", "Active"
    RESERVE = "reserve", "Reserve"
    STOOD_DOWN = "stood_down", "Stood down"
    SUSPENDED = "suspended", "Suspended"
    LEFT = "left", "Left"


SEATED = (MemberStanding.JOINING, MemberStanding.ACTIVE, MemberStanding.SUSPENDED)


class MemberRole(TextChoices):
    """Roles of a member on a panel."""

    MEMBER = "member", "Member"
    CHAIR = "chair", "Chair"
    VICE_CHAIR = "vice_chair", "Vice chair"
    DEPUTY = "deputy", "Deputy"
    CO_OPTEE = "co_optee", "Co-opted member"


# They come on top of the panel's seats: K 4.1 counts deputies apart, K 6 and H 8.6 bring co-optees in for a time.
WITHOUT_SEAT = (MemberRole.DEPUTY, MemberRole.CO_OPTEE)
ONE_AT_A_TIME = (MemberRole.CHAIR, MemberRole.VICE_CHAIR)


class Followed(TextChoices):
    """Actions after an interest is declared (H 9: noted, not always barring; C Conflicts: may withdraw)."""

    NOTED = "noted", "It was noted"
    WITHDREW = "withdrew", "They withdrew from the review"
