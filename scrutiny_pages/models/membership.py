"""Memberships of panels: a private register, never a page or a snippet."""

import dataclasses
import datetime
from collections.abc import Iterable

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils import timezone
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel

from cms.core.models.append_only import AppendOnly

from ..enums import SEATED, Followed, Level, MemberRole, MemberStanding
from ..rules.membership import SeatElsewhere, breaches, breaches_elsewhere, kind_by_seats
from ..rules.rule_types import Breach, KindLimit, Rules, Seat, Suspension
from .agreement import AgreementVersion, Training
from .panel import Panel
from .person import Person
from .querysets import MembershipQuerySet
from .reference_data import MemberKind

# What a rule finds in the rows below is told where it matters: at the standing that they are not ready for.
SHOWN_AT = {"agreements": "standing", "trainings": "standing"}


class Membership(ClusterableModel):
    """One person's seat on one panel, or their place in the team of one of its reviews (G 3)."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="memberships")
    review = models.ForeignKey(
        "scrutiny_pages.ReviewPage",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="team",
        verbose_name="only for the review",
        help_text="Only if this person joins the team of one review, and not the panel itself.",
    )
    kind = models.ForeignKey(
        MemberKind,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="memberships",
        verbose_name="kind of member",
    )
    role = models.CharField(max_length=12, choices=MemberRole, default=MemberRole.MEMBER)
    standing = models.CharField(max_length=12, choices=MemberStanding, default=MemberStanding.JOINING)
    joined_on = models.DateField(null=True, blank=True)
    left_on = models.DateField(null=True, blank=True)
    role_since = models.DateField(
        "in this role since", null=True, blank=True, help_text="If it is not the day of joining, such as for a chair."
    )
    eligibility_checked_on = models.DateField(
        null=True, blank=True, help_text="The day on which each statement of who may join was confirmed."
    )
    training_commitment = models.PositiveSmallIntegerField(
        "training promised (%)", null=True, blank=True, validators=[MaxValueValidator(100)]
    )
    trial_ended_on = models.DateField(
        "trial period ended well on", null=True, blank=True, help_text="The day you talked about how it went."
    )
    suspended_on = models.DateField(
        "told of the suspension on",
        null=True,
        blank=True,
        help_text="If they are suspended: the time to appeal, and the suspension, are counted from this day.",
    )
    name_is_public = models.BooleanField(
        "agreed to be named",
        default=False,
        help_text="Tick only if this person said that their name may be on the website, for this panel.",
    )
    note = models.TextField(
        blank=True, help_text="Why they stood down or left, if it should be kept. Only those who keep this list see it."
    )

    objects = MembershipQuerySet.as_manager()

    # Why an administrator saves although a rule says no; set for one save, and kept in ``RuleOverride``.
    override_reason = ""
    # The day that the rules judge by, if it is not today.
    judged_on: datetime.date | None = None
    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["panel", "person__name"]
        # One permission opens the register; Wagtail's own screens for models do not apply to it.
        default_permissions = ()
        permissions = [
            ("handle_membership", "Can see and change who sits on which panel"),
            ("override_rule", "Can save a member although a rule of the panel says no, with a reason"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(left_on__isnull=True)
                | models.Q(joined_on__isnull=True)
                | models.Q(left_on__gte=models.F("joined_on")),
                name="membership_left_after_joining",
            ),
            models.UniqueConstraint(
                fields=["person", "panel"],
                condition=models.Q(review__isnull=True) & ~models.Q(standing=MemberStanding.LEFT),
                name="membership_one_seat_a_person",
            ),
            models.UniqueConstraint(
                fields=["person", "review"],
                condition=~models.Q(standing=MemberStanding.LEFT),
                name="membership_one_place_a_person",
            ),
        ]

    def __str__(self) -> str:
        """Return the seat without the person's name, since it appears in logs."""
        return f"{self.get_role_display()} of {self.panel}"

    @property
    def name(self) -> str:
        """Return the person's name; public only for rows of ``named_in_public()``."""
        return self.person.name

    def clean(self) -> None:
        """Raise ValidationError for invalid dates, a duplicate, or a broken rule of the panel, which it quotes.

        Afterwards ``broken`` holds every newly broken rule: those that only produce a warning, and those overridden.
        """
        super().clean()
        self.broken: list[Breach] = []
        wrong = self._wrong_dates()
        if self.panel_id and self.person_id and self._is_duplicate():
            where = "this review's team" if self.review_id else "this panel"
            wrong["person" if self._state.adding else "standing"] = (
                f"This person is on {where} already. Change that seat instead."
            )
        if self.panel_id and self.review and self.review.panel_id not in (None, self.panel_id):
            wrong["review"] = "This is a review of another panel."
        if self.panel_id and not wrong:
            self.broken = self.newly_broken(self.judged_on or timezone.localdate())
            for breach in self.broken if not self.override_reason else []:
                if breach.level == Level.REFUSE:
                    where = SHOWN_AT.get(breach.field, breach.field or "__all__")
                    wrong.setdefault(where, []).append(breach.sentence)
        if wrong:
            raise ValidationError(wrong)

    def _wrong_dates(self) -> dict:
        wrong = {}
        if self.joined_on and self.left_on and self.left_on < self.joined_on:
            wrong["left_on"] = "The day of leaving is before the day of joining."
        if self.joined_on and self.role_since and self.role_since < self.joined_on:
            wrong["role_since"] = "This is before the day of joining."
        if self.standing == MemberStanding.LEFT and not self.left_on:
            wrong["left_on"] = "Say on which day this person left."
        if self.standing == MemberStanding.ACTIVE and not self.joined_on:
            wrong["joined_on"] = "Say on which day this person joined."
        suspended = self.standing == MemberStanding.SUSPENDED and self.panel_id
        if suspended and not self.suspended_on and self.panel.rules_in_force.one(Suspension):
            wrong["suspended_on"] = "Say on which day they were told. The time to appeal is counted from it."
        if self.joined_on and self.suspended_on and self.suspended_on < self.joined_on:
            wrong["suspended_on"] = "This is before the day of joining."
        return wrong

    def _is_duplicate(self) -> bool:
        if self.standing == MemberStanding.LEFT:
            return False
        return self._same_body().filter(person_id=self.person_id).exclude(standing=MemberStanding.LEFT).exists()

    def _same_body(self) -> MembershipQuerySet:
        """Return the other memberships that limits count: of the panel, or of the team of one review."""
        return Membership.objects.filter(panel_id=self.panel_id, review_id=self.review_id).exclude(pk=self.pk)

    def newly_broken(self, on: datetime.date) -> list[Breach]:
        """Return the rules that saving this row breaks, without those that were broken before.

        A state that was allowed under an older rule, or overridden with a reason, does not block an unrelated change
        such as a new telephone number.
        """
        found = self.breaches(on)
        if not found or not self.pk:
            return found
        before = Membership.objects.get(pk=self.pk)
        if (before.panel_id, before.review_id) != (self.panel_id, self.review_id):
            return found
        known = {(breach.rule, breach.field) for breach in before.breaches(on)}
        return [breach for breach in found if (breach.rule, breach.field) not in known]

    def breaches(self, on: datetime.date) -> list[Breach]:
        """Return every rule that this row breaks on a day, of its panel and of the person's other panels."""
        elsewhere: list[Membership] = []
        if self.person_id:
            rows = Membership.objects.filter(person_id=self.person_id).exclude(panel_id=self.panel_id)
            elsewhere = list(rows.for_rules())
        panel, rules = self.panel, self.panel.rules_in_force
        candidate, *others = self._counted([self, *self._same_body().for_rules()], rules, on)
        found = breaches(
            candidate,
            rules=rules,
            others=others,
            elsewhere=[row.as_seat(on) for row in elsewhere],
            last_day=panel.ends_on,
            required_agreements={agreement.slug: agreement.name for agreement in panel.agreements.all()},
            required_trainings={training.slug: training.name for training in panel.trainings.all()},
            eligibility=[statement.statement for statement in panel.eligibility.all()],
            on=on,
        )
        return found + self._broken_elsewhere(candidate, elsewhere, on)

    def _broken_elsewhere(self, candidate: Seat, elsewhere: list["Membership"], on: datetime.date) -> list[Breach]:
        """Return the rules of the person's other panels that this row breaks (cases AR3 and AR5)."""
        body_kind = (
            ""
            if self.review_id
            else MemberKind.objects.filter(body=self.panel_id).values_list("slug", flat=True).first()
        )
        held = []
        for row in elsewhere:
            rules, others = row.panel.rules_in_force, []
            if body_kind and rules.all(KindLimit):
                others = self._counted(row._same_body().for_rules(), rules, on)
            held.append(SeatElsewhere(row.as_seat(on), rules, others))
        return breaches_elsewhere(candidate, held, kind_of_body=body_kind or "", names=self.panel.rules_in_force.names)

    @staticmethod
    def _counted(rows: Iterable["Membership"], rules: Rules, on: datetime.date) -> list[Seat]:
        """Return rows as seats, each with the kind implied by the person's other seats if a rule counts kinds."""
        rows = list(rows)
        seats = [row.as_seat(on) for row in rows]
        limited = {limit.member_kind for limit in rules.all(KindLimit)}
        bodies = dict(MemberKind.objects.filter(slug__in=limited, body__isnull=False).values_list("body", "slug"))
        if not bodies:
            return seats
        held: dict[int, set[str]] = {}
        people = [row.person_id for row in rows if row.person_id]
        sitting = Membership.objects.filter(
            person__in=people, panel__in=bodies, review=None, standing__in=SEATED
        ).values_list("person", "panel")
        for person, panel in sitting:
            held.setdefault(person, set()).add(bodies[panel])
        return [
            dataclasses.replace(seat, kind=kind_by_seats(seat.kind, held.get(row.person_id, ())))
            for row, seat in zip(rows, seats, strict=True)
        ]

    @property
    def suspension_dates(self) -> tuple[datetime.date | None, datetime.date | None]:
        """Return the last day to appeal and the last day of the suspension, each None without a rule (C 14)."""
        if self.standing != MemberStanding.SUSPENDED:
            return None, None
        return Suspension.dates(self.panel.rules_in_force, told_on=self.suspended_on)

    def as_seat(self, on: datetime.date) -> Seat:
        """Return this row as the value object of the rules. Use ``for_rules()`` for many."""
        accepted = [row.version for row in self.acceptances.all() if row.accepted_on]
        return Seat(
            person=str(self.person_id or "new"),
            panel=self.panel.slug,
            kind=self.kind.slug if self.kind else "",
            role=self.role,
            standing=self.standing,
            joined_on=self.joined_on,
            left_on=self.left_on,
            role_since=self.role_since,
            trial_ended_on=self.trial_ended_on,
            suspended_on=self.suspended_on,
            eligibility_checked_on=self.eligibility_checked_on,
            training_commitment=self.training_commitment,
            agreements=frozenset(
                version.agreement.slug
                for version in accepted
                if version.number in version.agreement.counting_numbers(on)
            ),
            trainings=frozenset(row.training.slug for row in self.trainings_done.all()),
        )


class Acceptance(models.Model):
    """The acceptance of one version of an agreement by a member, with its date."""

    membership = ParentalKey(Membership, on_delete=models.CASCADE, related_name="acceptances")
    version = models.ForeignKey(AgreementVersion, on_delete=models.PROTECT, related_name="acceptances")
    accepted_on = models.DateField()

    panels = [FieldPanel("version"), FieldPanel("accepted_on")]
    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["accepted_on", "pk"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["membership", "version"], name="acceptance_once")]

    def __str__(self) -> str:
        return str(self.version)


class TrainingDone(models.Model):
    """The completion of a training course by a member, with its date."""

    membership = ParentalKey(Membership, on_delete=models.CASCADE, related_name="trainings_done")
    training = models.ForeignKey(Training, on_delete=models.PROTECT, related_name="times_done")
    done_on = models.DateField()

    panels = [FieldPanel("training"), FieldPanel("done_on")]
    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["done_on", "pk"]
        verbose_name_plural = "training done"
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.training)


class Interest(models.Model):
    """An interest that a member declared, and the action taken (W40, H 9, C Conflicts). Private."""

    membership = ParentalKey(Membership, on_delete=models.CASCADE, related_name="interests")
    declared_on = models.DateField()
    about = models.TextField(max_length=600, help_text="Only those who keep this list see it.")
    review = models.ForeignKey(
        "scrutiny_pages.ReviewPage", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    followed = models.CharField("what followed", max_length=8, blank=True, choices=Followed)

    panels = [
        FieldPanel("declared_on"),
        FieldPanel("about"),
        FieldPanel("review"),
        FieldPanel("followed"),
    ]
    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["-declared_on", "-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return "A declared interest"

    def clean(self) -> None:
        """Raise ValidationError if a withdrawal names no review."""
        super().clean()
        if self.followed == Followed.WITHDREW and self.review_id is None:
            raise ValidationError({"review": "Choose the review that they withdrew from."})


class RuleOverride(AppendOnly):
    """The log entry of a membership saved against a rule: rule, reason, user and time. Append-only."""

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="overrides")
    rule = models.TextField()
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["-at", "-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.rule} {self.reason}"
