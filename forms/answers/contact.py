"""Who somebody is and how to reach them, as far as their answers say. Pure."""

import dataclasses

from ..questions import Email, Name, Phone, question_from


@dataclasses.dataclass(frozen=True)
class Contact:
    """What the answers tell of a person; empty where they do not."""

    name: str = ""
    first_name: str = ""  # or the only name there is
    email: str = ""
    phone: str = ""


def contact_in(definition: dict, answers: dict) -> Contact:
    """Give the first name, email address and telephone number that were answered; each form asks for one person's."""
    found: dict[str, str] = {}
    for section in definition["sections"]:
        for item in section["questions"]:
            question, answer = question_from(item), answers.get(item["id"])
            if not answer:
                continue
            if isinstance(question, Name) and isinstance(answer, dict):
                parts = [answer.get("first_name", ""), answer.get("surname", "")]
                found.setdefault("name", " ".join(part for part in parts if part))
                found.setdefault("first_name", parts[0] or parts[1])  # who has one name is called by it
            elif isinstance(question, Email):
                found.setdefault("email", str(answer))
            elif isinstance(question, Phone):
                found.setdefault("phone", str(answer))
    return Contact(**found)
