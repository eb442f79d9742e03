"""Contact details in answers. Pure."""

import dataclasses

from ..questions import question_from


@dataclasses.dataclass(frozen=True)
class Contact:
    """Contact details of a person, as far as the answers contain them; empty otherwise."""

    name: str = ""
    first_name: str = ""  # or the only name there is
    email: str = ""
    phone: str = ""


def contact_in(definition: dict, answers: dict) -> Contact:
    """Return the first name, email address and telephone number in the answers; a form concerns one person."""
    found: dict[str, str] = {}
    for section in definition["sections"]:
        for item in section["questions"]:
            if answer := answers.get(item["id"]):
                found = question_from(item).contact(answer) | found
    return Contact(**found)
