"""Sentences of an accessibility statement, made from a few facts. Pure.

The order and the meaning are those of the model statement under the Public Sector Bodies (Websites and Mobile
Applications) (No. 2) Accessibility Regulations 2018. They bind councils and their companies; a housing association
follows them by choice, and its statement says so.
"""

import datetime

from django.db.models import TextChoices

from cms.core.dates.bank_holidays import Nation
from cms.core.dates.formatting import add_months, format_date

REGULATIONS = "Public Sector Bodies (Websites and Mobile Applications) (No. 2) Accessibility Regulations 2018"
STANDARD = "Web Content Accessibility Guidelines version 2.2 AA standard"
A_YEAR = 12  # months: how long a statement holds before somebody looks at it again


class Compliance(TextChoices):
    """The degree of compliance with the standard, as the regulations name it."""

    FULL = "full", "All of it: fully compliant"
    PARTIAL = "partial", "Most of it: partially compliant"
    NONE = "none", "Most of it is not met: not compliant"


class Reason(TextChoices):
    """The reasons that the regulations recognise for content that is not accessible."""

    NON_COMPLIANCE = "non_compliance", "It does not meet the standard yet"
    BURDEN = "burden", "Putting it right now would be a disproportionate burden"
    OUT_OF_SCOPE = "out_of_scope", "The regulations do not cover it"


# The headings under which the model has each reason.
HEADINGS = {
    Reason.NON_COMPLIANCE: "What does not meet the standard yet",
    Reason.BURDEN: "Disproportionate burden",
    Reason.OUT_OF_SCOPE: "Content that the accessibility regulations do not cover",
}


def format_compliance(compliance: str, reasons: set[str]) -> str:
    """Return the regulations' sentence for a degree of compliance.

    :param reasons: those for which anything is listed as not accessible.
    """
    if compliance == Compliance.FULL:
        return f"This website is fully compliant with the {STANDARD}."
    if compliance == Compliance.NONE:
        return f"This website is not compliant with the {STANDARD}. What is not accessible is listed below."
    exemptions = reasons & {Reason.BURDEN, Reason.OUT_OF_SCOPE}
    names = ["the non-compliances"] if Reason.NON_COMPLIANCE in reasons else []
    names += ["the exemptions"] if exemptions else []
    because = " and ".join(names).replace("and the exemptions", "and exemptions")
    return f"This website is partially compliant with the {STANDARD}, due to {because} listed below."


def format_commitment(organisation: str, *, is_public_body: bool) -> list[str]:
    """Return the landlord's commitment: the law for a public body, else its own choice."""
    if is_public_body:
        return [f"{organisation} is committed to making its website accessible, in accordance with the {REGULATIONS}."]
    return [
        f"{organisation} is committed to making its website accessible.",
        f"The {REGULATIONS} are written for public bodies. A housing association is not always one of them. "
        "We have chosen to meet the same standard and to report on it in the same way.",
        "The Equality Act 2010 does apply to us. It says that we must make reasonable changes for disabled people.",
    ]


def format_enforcement(nation: str, *, is_public_body: bool) -> list[str]:
    """Return the enforcement procedure: the enforcing body, and who helps if a response is unsatisfactory."""
    if nation == Nation.NORTHERN_IRELAND:
        body, help_from = "Equality Commission for Northern Ireland (ECNI)", "the ECNI"
    else:
        body, help_from = (
            "Equality and Human Rights Commission (EHRC)",
            "the Equality Advisory and Support Service (EASS)",
        )
    if is_public_body:
        return [
            f"The {body} is responsible for enforcing the {REGULATIONS} (the accessibility regulations).",
            f"If you are not happy with how we respond to your complaint, contact {help_from}.",
        ]
    return [
        "First complain to us, as you would about anything else.",
        f"If you are not happy with how we respond, contact {help_from}. It gives free advice about your rights "
        "under the Equality Act 2010.",
    ]


def format_preparation(
    *, prepared: datetime.date | None, reviewed: datetime.date | None, tested: datetime.date | None, tested_by: str
) -> list[str]:
    """Return the dates on which the statement was prepared and reviewed, and when and by whom the site was tested."""
    sentences = []
    if prepared:
        sentences.append(f"This statement was prepared on {format_date(prepared)}.")
    if reviewed:
        sentences.append(f"It was last reviewed on {format_date(reviewed)}.")
    if last := reviewed or prepared:
        sentences.append(f"We will review it again by {format_date(add_months(last, A_YEAR))}.")
    if tested:
        by = f" The test was carried out by {tested_by}." if tested_by else ""
        sentences.append(f"This website was last tested on {format_date(tested)} against the {STANDARD}.{by}")
    else:
        sentences.append(f"Nobody has tested this website against the {STANDARD} by hand yet.")
    return sentences


def problems_of_statement(
    *,
    compliance: str,
    listed: int,
    dates: dict[str, datetime.date | None],
    today: datetime.date,
) -> list[str]:
    """Return what prevents a statement from being published: a status that its list denies, or impossible dates.

    :param listed: the number of issues listed as not accessible.
    :param dates: the days of ``prepared``, ``reviewed`` and ``tested``.
    """
    problems = []
    if compliance == Compliance.FULL and listed:
        problems.append("The statement says that all of the standard is met, but lists what is not accessible.")
    if compliance != Compliance.FULL and not listed:
        problems.append("List what is not accessible, or say that all of the standard is met.")
    if not dates["prepared"]:
        problems.append("Say when the statement was prepared.")
    elif dates["reviewed"] and dates["reviewed"] < dates["prepared"]:
        problems.append("The statement was reviewed before it was prepared: check the dates.")
    if any(day and day > today for day in dates.values()):
        problems.append("One of the dates is in the future.")
    return problems
