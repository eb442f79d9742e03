"""The rights of each role that the product provides. Data only; ``roles.py`` assigns them to groups.

A right is written as ``app.codename``. With ``page:`` or ``collection:`` before it, it is assigned on the root of the
page tree or of the collections, and so applies to everything below.
"""

EDITOR, PUBLISHER, CASEWORKER, CHAIR, ADMINISTRATOR = (
    "Editor",
    "Publisher",
    "Caseworker",
    "Panel chair",
    "Administrator",
)

# Words that have drafts. Nothing may be deleted by an editor or a publisher: history hangs on it.
DRAFTED = ("scrutiny_pages.panel", "scrutiny_pages.recommendation")
RECORDS = (
    *("scrutiny_pages.agreement", "scrutiny_pages.meeting", "scrutiny_pages.memberkind", "scrutiny_pages.regularduty"),
    *("scrutiny_pages.role", "scrutiny_pages.servicearea", "scrutiny_pages.training", "scrutiny_pages.researchmethod"),
    *("scrutiny_pages.reviewkind", "scrutiny_pages.standard", "scrutiny_pages.workprogramme", "forms.questionset"),
)
# The arrangement is an administrator's: changing it changes what every review and every promise is held to.
ARRANGEMENT = (
    *("scrutiny_pages.escalationroute", "scrutiny_pages.reviewprocess", "scrutiny_pages.trigger", "forms.regime"),
    "scrutiny_pages.statusmeaning",
)
# Rows of screens that are an administrator's alone.
SITE_KEEPING = (
    *("auth.user", "auth.group", "forms.messagewording", "forms.formhandling", "wagtailredirects.redirect"),
    *("wagtailcore.collection", "wagtailcore.site", "wagtailcore.workflow", "wagtailcore.task"),
)
ENTER = {"wagtailadmin.access_admin"}


def _on(actions: tuple[str, ...], models: tuple[str, ...]) -> set[str]:
    """Return the rights to do each action with each model."""
    names = [model.split(".") for model in models]
    return {f"{app}.{action}_{name}" for action in actions for app, name in names}


def _files(*actions: str) -> set[str]:
    rights = _on(actions, ("wagtailimages.image", "wagtaildocs.document"))
    return {f"collection:{right}" for right in rights}


def _pages(*actions: str) -> set[str]:
    return {f"page:wagtailcore.{action}_page" for action in actions}


EDITING = (
    ENTER
    | _on(("add", "change", "view"), DRAFTED + RECORDS)
    | _on(("view",), ARRANGEMENT)
    | _files("add", "change", "choose")
    | _pages("add", "change")
)
PUBLISHING = (
    _on(("publish",), DRAFTED)
    | {"core.change_sitesettings", "home.change_navigation"}
    | _pages("publish", "lock", "unlock")
)
CASEWORK = (
    ENTER
    | {"forms.handle_submission", "scrutiny_pages.handle_membership", "scrutiny_pages.record_step"}
    | _on(("view",), (*DRAFTED, "scrutiny_pages.agreement", "scrutiny_pages.training"))
    | _on(("view", "change"), ("scrutiny_pages.regularduty",))
    # Who came is recorded from the list of meetings.
    | _on(("view",), ("scrutiny_pages.meeting",))
)
# A chair records what the panel decided, and nothing that the landlord says or does.
CHAIRING = ENTER | {"scrutiny_pages.decide_step"} | _on(("view",), ("scrutiny_pages.recommendation",))
KEEPING = (
    _on(("add", "change", "delete", "view"), DRAFTED + RECORDS + ARRANGEMENT + SITE_KEEPING)
    | {"scrutiny_pages.override_rule", "scrutiny_pages.add_loadedstarter", "core.manage_webhooks"}
    | {"page:wagtailcore.bulk_delete_page"}
)

RIGHTS: dict[str, set[str]] = {
    EDITOR: EDITING,
    PUBLISHER: EDITING | PUBLISHING,
    CASEWORKER: CASEWORK,
    CHAIR: CHAIRING,
    ADMINISTRATOR: EDITING | PUBLISHING | CASEWORK | CHAIRING | KEEPING,
}
# The groups that Wagtail comes with, by the role that takes their place. Its approval workflow goes with the second.
WAGTAIL_GROUPS = {EDITOR: "Editors", PUBLISHER: "Moderators"}
WAGTAIL_WORKFLOW = "Moderators approval"
WORKFLOW = "Approval by a publisher"
