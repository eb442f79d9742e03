"""Contact details in answers."""

import pytest

from forms.answers.contact import Contact, contact_in

DEFINITION = {"sections": [{"questions": [{"id": "who", "type": "name", "label": "Your name"}]}]}


@pytest.mark.parametrize(
    ("answer", "name", "called"),
    [
        ({"title": "Ms", "first_name": "Ada", "surname": "Byron"}, "Ada Byron", "Ada"),
        # case F10: whoever has one name is called by it, whichever box it is in
        ({"first_name": "Suharto"}, "Suharto", "Suharto"),
        ({"surname": "Suharto"}, "Suharto", "Suharto"),
        ({}, "", ""),
    ],
)
def test_somebody_with_one_name_is_called_by_it(answer, name, called):
    assert contact_in(DEFINITION, {"who": answer}) == Contact(name=name, first_name=called)
