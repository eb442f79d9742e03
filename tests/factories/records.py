"""Factories of records that are not pages."""

import datetime

import factory
from django.utils import timezone

from scrutiny_pages import models
from scrutiny_pages.enums import AttendanceState, MemberStanding

from .base import ModelFactory
from .state import arrange


class ServiceAreaFactory(ModelFactory[models.ServiceArea]):
    class Meta:
        model = models.ServiceArea

    name = factory.Sequence(lambda n: f"Service {n}")
    slug = factory.Sequence(lambda n: f"service-{n}")


class RoleFactory(ModelFactory[models.Role]):
    class Meta:
        model = models.Role

    title = factory.Sequence(lambda n: f"Head of service {n}")
    mailbox = "private-mailbox@example.org"


class MemberKindFactory(ModelFactory[models.MemberKind]):
    class Meta:
        model = models.MemberKind

    name = factory.Sequence(lambda n: f"Kind {n} member")
    slug = factory.Sequence(lambda n: f"kind-{n}")


class PanelFactory(ModelFactory[models.Panel]):
    """A public panel; ``rules`` are pairs of a rule's kind and its parameters, or None for none."""

    class Meta:
        model = models.Panel

    name = factory.Sequence(lambda n: f"Panel {n}")
    slug = factory.Sequence(lambda n: f"panel-{n}")
    purpose = "Checks services."
    rules = [("members", {"at_most": 12})]


class PersonFactory(ModelFactory[models.Person]):
    class Meta:
        model = models.Person

    name = factory.Sequence(lambda n: f"Private Person {n}")
    email = factory.Sequence(lambda n: f"private-person-{n}@example.org")


class MembershipFactory(ModelFactory[models.Membership]):
    class Meta:
        model = models.Membership

    panel = factory.SubFactory(PanelFactory)
    person = factory.SubFactory(PersonFactory)
    standing = MemberStanding.ACTIVE
    joined_on = datetime.date(2026, 1, 5)


class AgreementFactory(ModelFactory[models.Agreement]):
    """An agreement with one version, in force since 2024."""

    class Meta:
        model = models.Agreement
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Agreement {n}")
    slug = factory.Sequence(lambda n: f"agreement-{n}")

    @factory.post_generation
    def versions(self, create, extracted, **kwargs):
        for in_force_from, must_accept in extracted or [(datetime.date(2024, 1, 1), True)]:
            models.AgreementVersion.objects.create(
                agreement=self, text="<p>We listen.</p>", in_force_from=in_force_from, must_accept=must_accept
            )


class TrainingFactory(ModelFactory[models.Training]):
    class Meta:
        model = models.Training

    name = factory.Sequence(lambda n: f"Course {n}")
    slug = factory.Sequence(lambda n: f"course-{n}")


class MeetingFactory(ModelFactory[models.Meeting]):
    class Meta:
        model = models.Meeting

    panel = factory.SubFactory(PanelFactory)
    theme = factory.Sequence(lambda n: f"Theme {n}")
    starts_at = factory.LazyFunction(lambda: timezone.now() + datetime.timedelta(days=3))
    place = "The community room"


class AttendanceFactory(ModelFactory[models.Attendance]):
    class Meta:
        model = models.Attendance

    meeting = factory.SubFactory(MeetingFactory)
    membership = factory.SubFactory(MembershipFactory, panel=factory.SelfAttribute("..meeting.panel"))
    state = AttendanceState.PRESENT

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        return arrange(model_class.objects.create, *args, **kwargs)


class RegularDutyFactory(ModelFactory[models.RegularDuty]):
    class Meta:
        model = models.RegularDuty

    name = factory.Sequence(lambda n: f"Duty {n}")
    role = factory.SubFactory(RoleFactory)
    first_due = datetime.date(2026, 11, 1)


class RecommendationFactory(ModelFactory[models.Recommendation]):
    """A public recommendation made at a meeting; ``tracking__...`` sets its state directly."""

    class Meta:
        model = models.Recommendation
        skip_postgeneration_save = True

    series = "2026-03"
    number = factory.Sequence(lambda n: n + 1)
    title = factory.Sequence(lambda n: f"Do thing {n}")
    panel = factory.SubFactory(PanelFactory)
    owner = factory.SubFactory(RoleFactory)
    asked_on = datetime.date(2026, 3, 10)
    live = True

    @factory.post_generation
    def tracking(self, create, extracted, **kwargs):
        for name, value in kwargs.items():
            setattr(self.tracking, name, value)
        if "answer_due" in kwargs:
            self.tracking.initial_answer_due = kwargs["answer_due"]
        if kwargs:
            arrange(self.tracking.save)

    @factory.post_generation
    def service_areas(self, create, extracted, **kwargs):
        if extracted:
            self.service_areas.set(extracted)
            self.save()


class ReviewProcessFactory(ModelFactory[models.ReviewProcess]):
    """A process; ``escalation_steps`` name the bodies of its route, ``stages`` are the field values of its stages."""

    class Meta:
        model = models.ReviewProcess

    name = factory.Sequence(lambda n: f"Process {n}")

    @classmethod
    def _create(cls, model_class, *args, escalation_steps=(), stages=(), **kwargs):
        process = model_class(*args, **kwargs)
        if escalation_steps:
            route = models.EscalationRoute(name=f"Route of {process.name}")
            route.steps = [
                models.EscalationStep(to_whom=body, asks="Say what you will do.") for body in escalation_steps
            ]
            route.save()
            process.escalation_route = route
        process.stages = [models.ProcessStage(sort_order=order, **stage) for order, stage in enumerate(stages)]
        process.save()
        return process


class StandardFactory(ModelFactory[models.Standard]):
    class Meta:
        model = models.Standard

    name = factory.Sequence(lambda n: f"Standard {n}")
