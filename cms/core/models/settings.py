"""Site settings: the landlord's names, terminology, colour and contacts."""

from django.core.validators import RegexValidator
from django.db import models
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList, TabbedInterface
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from cms.core.contrast import validate_readable_on_white
from cms.core.dates.bank_holidays import Nation


class Organisation(models.TextChoices):
    """The kinds of social landlord."""

    REGISTERED_PROVIDER = "registered_provider", "Registered provider (housing association)"
    COUNCIL = "council", "Council"
    ALMO = "almo", "Arm's length management organisation"


@register_setting(icon="cogs", order=1)
class SiteSettings(BaseSiteSetting):
    """One landlord's names, terminology, colour and contacts, typed once and used everywhere."""

    name = models.CharField(
        "name of this website", max_length=60, default="Residents' Scrutiny", help_text="The large words at the top."
    )
    organisation = models.CharField(
        "landlord", max_length=80, default="Our landlord", help_text="The landlord's name as people know it."
    )
    kind = models.CharField(
        "kind of landlord", max_length=30, choices=Organisation, default=Organisation.REGISTERED_PROVIDER
    )
    nation = models.CharField(
        max_length=20,
        choices=Nation,
        default=Nation.ENGLAND_AND_WALES,
        help_text="Decides which bank holidays are not working days.",
    )
    resident = models.CharField(
        "word for one person",
        max_length=30,
        default="resident",
        help_text="What the landlord calls a person who lives in its homes, such as tenant or customer.",
    )
    residents = models.CharField("word for several people", max_length=30, default="residents")
    brand_colour = models.CharField(
        max_length=7,
        default="#0b4f5c",
        validators=[validate_readable_on_white],
        help_text="# and six digits or letters, such as #0b4f5c. It has to be dark enough for white words on it.",
    )
    logo = models.ForeignKey(
        "wagtailimages.Image",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Shown at the top of every page, in browser tabs, and where a page without a picture is shared.",
    )

    team_name = models.CharField(
        "team to contact", max_length=80, default="Involvement team", help_text="Who answers questions about scrutiny."
    )
    phone = models.CharField(
        max_length=30,
        blank=True,
        validators=[RegexValidator(r"^[0-9 +()]+$", "Use digits and spaces only.")],
    )
    email = models.EmailField(blank=True)
    opening_hours = models.CharField(max_length=120, blank=True, help_text="Such as: Monday to Friday, 9am to 5pm.")
    post = models.CharField(
        "address for letters", max_length=250, blank=True, help_text="On one line, with commas between its parts."
    )
    other_formats = models.CharField(
        "help in other languages and formats",
        max_length=250,
        blank=True,
        help_text="Shown at the foot of every page: how to ask for large print, audio, or another language.",
    )
    not_for = models.CharField(
        "what this website is not for",
        max_length=250,
        blank=True,
        help_text="Shown at the foot of every page: where to report repairs, damp and mould, or make a complaint.",
    )
    data_protection_contact = models.CharField(
        max_length=250,
        blank=True,
        help_text="Who answers for personal data, with how to reach them. Shown on the privacy page.",
    )
    regulator = models.CharField(
        "regulator and ombudsman",
        max_length=250,
        blank=True,
        help_text="Who else people can turn to. Bodies change their names, so check this once a year.",
    )

    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    FieldPanel("name"),
                    FieldPanel("organisation"),
                    FieldRowPanel([FieldPanel("kind"), FieldPanel("nation")]),
                    MultiFieldPanel(
                        [FieldRowPanel([FieldPanel("resident"), FieldPanel("residents")])],
                        heading="What people are called",
                    ),
                    FieldPanel("brand_colour"),
                    FieldPanel("logo"),
                ],
                heading="Who we are",
            ),
            ObjectList(
                [
                    FieldPanel("team_name"),
                    FieldRowPanel([FieldPanel("phone"), FieldPanel("email")]),
                    FieldPanel("opening_hours"),
                    FieldPanel("post"),
                    FieldPanel("other_formats"),
                    FieldPanel("not_for"),
                    FieldPanel("data_protection_contact"),
                    FieldPanel("regulator"),
                ],
                heading="Contacts and help",
            ),
        ]
    )

    select_related = ["logo"]

    class Meta:
        verbose_name = "site settings"

    def __str__(self) -> str:
        return self.name

    @property
    def email_parts(self) -> tuple[str, str]:
        """Return the email address split after its local part: a narrow column may break there."""
        name, _, host = self.email.partition("@")
        return f"{name}@", host

    @property
    def brand_hex(self) -> str:
        """Return the brand colour's six digits, for the URL of its stylesheet."""
        return self.brand_colour.removeprefix("#").lower()

    @property
    def letter(self) -> str:
        """Return the letter of the icon for a site without a logo: one that every typeface has."""
        return next((sign for sign in self.organisation.upper() if sign.isascii() and sign.isalnum()), "R")

    @property
    def is_public_body(self) -> bool:
        """Return whether the accessibility regulations of 2018 bind it: councils and their companies, by law."""
        return self.kind in (Organisation.COUNCIL, Organisation.ALMO)
