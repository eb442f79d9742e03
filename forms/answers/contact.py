"""Who somebody is and how to reach them, as far as their answers say. Pure."""

import dataclasses

from ..questions import question_from


@dataclasses.dataclass(frozen=True)
class Contact:
    """What the answers tell of a person; empty where they do not."""

    name: str = ""
    first_name: str = ""  # or the only name there is
    email: str = ""
    phone: str = ""


def contact_in(definition: dict, answers: dict) -> Contact:
    """Return the first name, email address and telephone number that were answered; each form asks for one person's."""
    found: dict[str, str] = {}
    for section in definition["sections"]:
        for item in section["questions"]:
            if answer := answers.get(item["id"]):
                found = question_from(item).contact(answer) | found
    return Contact(**found)
