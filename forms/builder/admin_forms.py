"""Admin forms of form pages; the rules are in ``conditions.py``."""

from cms.core.editing.page_forms import PUBLISHING, SitePageForm

from .blocks import at_its_place, condition_error
from .definition import ASKS_NOTHING, problems_by_place


class FormPageForm(SitePageForm):
    """The edit form of a form page, which reports at its place what prevents publishing.

    A draft can always be saved.
    """

    def _post_clean(self) -> None:
        # The model refuses to be public with problems, but cannot say where they are; and here it may be a draft.
        self.instance.is_judged_by_its_form = True
        super()._post_clean()
        self.instance.is_judged_by_its_form = False
        if any(action in self.data for action in PUBLISHING) and "sections" not in self.errors:
            problems = problems_by_place(self.cleaned_data["sections"])
            if self.instance.asks_nothing:
                self.add_error("sections", ASKS_NOTHING)
            if problems:
                self.add_error(
                    "sections", at_its_place({place: condition_error(found) for place, found in problems.items()})
                )
