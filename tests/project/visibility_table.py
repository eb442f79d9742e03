"""The visibility table of ``test_visibility``: who may see what at which place. Add new kinds and places here.

Machine interfaces (API, feeds, calendar, sitemap, exports) answer everybody as an anonymous user. On pages, a user who
passes a restriction may see what is behind it, in lists and search too. A shared password opens one page and adds it to
no list.
"""

from forms.models import FormPage, PublicEntry
from home.models import AccessibilityStatementPage, ContactPage, PrivacyPage, StandardPage
from scrutiny_pages import models

# --- Who may see what is behind a restriction ----------------------------------------------------------------

STRANGER, MEMBER, ADMINISTRATOR = "stranger", "member of the group", "administrator"
SIGNED_IN = {"signed in without rights", "member of another group", "editor", MEMBER, ADMINISTRATOR}
ROLES = [STRANGER, *sorted(SIGNED_IN)]
# Where a state says one of these, pages show it to those people; everything else is shown to nobody.
MAY_SEE = {"by login": SIGNED_IN, "by group": {MEMBER, ADMINISTRATOR}}
# What a stranger is answered at the address of a hidden thing: 404, but for these.
ANSWERS = {
    "by login": 302,  # to the sign-in
    "by group": 302,
    "alias of one by login": 404,
    "alias of one by group": 404,
    "by password": 200,  # the question for it, and nothing else
    "for who has its address": 200,  # listed nowhere, and whoever was given the address reads it
    "for members": 403,  # how members get in, and what the form is called
}
# What is told at its own address to people who find it in no list.
AT_ITS_ADDRESS = {
    "for who has its address": set(ROLES),
    "for members": set(ROLES),
    "for staff": {"editor", ADMINISTRATOR},
}


def may_see(role: str, state: str) -> bool:
    """Return whether the lists and pages of the website show an object in a state to a user in a role."""
    return any(state.endswith(by) and role in people for by, people in MAY_SEE.items())


def may_read(role: str, state: str) -> bool:
    """Return whether a user in a role can read an object in a state at its URL."""
    return may_see(role, state) or role in AT_ITS_ADDRESS.get(state, ())


def is_for_some(state: str) -> bool:
    """Return whether an object in a state is shown to some users and not to others."""
    return any(state.endswith(by) for by in MAY_SEE) or state in AT_ITS_ADDRESS


def status_for_anonymous(state: str) -> int:
    """Return the status of an anonymous request to the URL of an object in a state."""
    return next((status for end, status in reversed(ANSWERS.items()) if state == end), 0) or next(
        (status for end, status in ANSWERS.items() if state.startswith("below") and state.endswith(end)), 404
    )


# --- Each route of the website -------------------------------------------------------------------------------

MACHINES = "answers everybody as a stranger"
PEOPLE = "answers each as who they are"
ONE = "the address of one thing: asked of every hidden one"
SECRET = "opens only with a secret, and tells what its owner sent"
SAME = "tells of no page and no record"
SITE = {
    "healthz": SAME,
    r"^brand/(?P<colour>[0-9a-f]{6})\.css$": SAME,
    r"^brand/(?P<colour>[0-9a-f]{6})/(?P<letter>[A-Z0-9])\.svg$": SAME,
    "favicon.ico": SAME,
    "apple-touch-icon.png": SAME,
    r"^icons/(?P<size>[0-9]{2,3})\.png$": SAME,
    "icons/share.png": SAME,
    "site.webmanifest": MACHINES,
    "robots.txt": MACHINES,
    "sitemap.xml": MACHINES,
    "feeds/reports/": MACHINES,
    "feeds/outcomes/": MACHINES,
    "feeds/newsletters/": MACHINES,
    "admin/failwhale/": SAME,
    "admin/": "staff’s own screens, each with its rights (test_roles)",
    "documents/": "files, each kept by its collection",
    "api/": PEOPLE,
    "^api/": "no endpoint: a 404",
    "search/": PEOPLE,
    "go/<slug:name>/": ONE,
    "forms/received/<uuid:token>/": SECRET,
    "information-requests/": PEOPLE,
    "information-requests/numbers/": PEOPLE,
    "information-requests/numbers.csv": MACHINES,
    r"^information-requests/(?P<pk>[0-9]{1,9})/$": ONE,
    "forms/saved/<str:secret>/": SECRET,
    "forms/equality/<uuid:form_key>/": SECRET,
    "recommendations.csv": MACHINES,
    "recommendations.xlsx": MACHINES,
    "recommendations.json": MACHINES,
    r"^recommendations/(?P<series>[A-Za-z0-9-]{1,20})/(?P<number>[0-9]{1,4})/$": ONE,
    r"^meetings/(?P<pk>[0-9]{1,9})/$": ONE,
    "agreements/<slug:slug>/": ONE,
    "meetings/calendar.ics": MACHINES,
    r"^meetings/(?P<pk>[0-9]{1,9})\.ics$": ONE,
    r"^programmes/(?P<pk>[0-9]{1,9})/$": ONE,
    "panels/<slug:slug>/could-i-join/": ONE,
    r"^media/(?P<path>(images|original_images)/[^/]{1,200})$": "pictures only",
    r"^_util/authenticate_with_password/([0-9]{1,9})/([0-9]{1,9})/$": SECRET,
    "": ONE,
}
# What an address is asked with, where it needs something.
ASKED_WITH = {"/search/": ("q=quokka", "q=zzz"), "/api/v2/search/": ("q=quokka&limit=100",)}

# --- Each route of the API -----------------------------------------------------------------------------------

# Lists are walked. Each address of one thing, with the kind that it is of; pages have one for all their kinds.
API_OF_ONE = {
    "/api/v2/panels/{slug}/": models.Panel,
    "/api/v2/recommendations/{series}/{number}/": models.Recommendation,
    "/api/v2/reviews/{id}/": models.ReviewPage,
    "/api/v2/reports/{id}/": models.ReportPage,
    "/api/v2/outcomes/{id}/": models.OutcomePage,
    "/api/v2/meetings/{id}/": models.Meeting,
    "/api/v2/newsletters/{id}/": models.NewsletterPage,
    "/api/v2/programmes/{id}/": models.WorkProgramme,
    "/api/v2/forms/{id}/": FormPage,
    "/api/v2/agreements/{slug}/": models.Agreement,
    "/api/v2/information-requests/{id}/": PublicEntry,
}
API_OF_PAGES = "/api/v2/pages/{id}/"
# Sent to, not read. A hidden form answers 404 here too.
API_TAKES = {"/api/v2/forms/{id}/files/", "/api/v2/forms/{id}/submissions/"}
API_FOR_STAFF = "/api/v2/recommendations/{series}/{number}/steps/"
API_OTHERS = {
    "/api/v2/pages/find/": "leads to a page by its address: asked for every hidden page",
    "/api/v2/preview/": "opens only with a signed token for one draft (test_previews)",
    "/api/v2/submissions/{token}/": "opens only with the secret of what was sent",
    "/api/v2/service-areas/{slug}/": "a short list, which hides nothing",
}

# --- Where the public twin of each kind is found, so that not being there means something --------------------

SEARCHED = ("/search/", "/api/v2/search/")
ANY_PAGE = ("/sitemap.xml", "/api/v2/pages/", *SEARCHED)
# An address; or a kind of page, for the page of its public twin.
FOUND_AT = {
    StandardPage: (*ANY_PAGE, "/", "/api/v2/menus/", "/api/v2/redirects/"),
    ContactPage: (*ANY_PAGE, "/", "/api/v2/menus/"),
    PrivacyPage: (*ANY_PAGE, "/", "/api/v2/menus/"),
    AccessibilityStatementPage: (*ANY_PAGE, "/", "/api/v2/menus/"),
    FormPage: (*ANY_PAGE, "/api/v2/forms/"),
    models.PanelPage: ANY_PAGE,
    models.ReviewPage: (*ANY_PAGE, "/api/v2/reviews/", models.ReviewIndexPage),
    models.ReportPage: (*ANY_PAGE, "/api/v2/reports/", "/feeds/reports/", models.ReportIndexPage, models.ReviewPage),
    models.EasyReadPage: (*ANY_PAGE, models.ReportPage),
    models.OutcomePage: (*ANY_PAGE, "/api/v2/outcomes/", "/feeds/outcomes/", models.OutcomeIndexPage),
    models.NewsletterPage: (*ANY_PAGE, "/api/v2/newsletters/", "/feeds/newsletters/", models.NewsletterIndexPage),
    models.TrackerPage: ANY_PAGE,
    models.PanelIndexPage: (*ANY_PAGE, models.PanelPage),
    models.ReviewIndexPage: (*ANY_PAGE, models.ReviewPage),
    models.ReportIndexPage: (*ANY_PAGE, "/feeds/reports/"),
    models.OutcomeIndexPage: (*ANY_PAGE, "/feeds/outcomes/"),
    models.NewsletterIndexPage: (*ANY_PAGE, "/feeds/newsletters/"),
    models.MeetingIndexPage: ANY_PAGE,
    models.Panel: ("/api/v2/panels/", "/astray-form/"),
    models.Recommendation: (
        "/sitemap.xml",
        "/api/v2/recommendations/",
        "/recommendations.csv",
        "/recommendations.json",
        models.TrackerPage,
        "/astray-form/",
        *SEARCHED,
    ),
    models.Meeting: ("/sitemap.xml", "/api/v2/meetings/", "/meetings/calendar.ics", models.MeetingIndexPage, *SEARCHED),
    models.WorkProgramme: ("/sitemap.xml", "/api/v2/programmes/"),
    models.Agreement: ("/sitemap.xml", "/api/v2/agreements/"),
    PublicEntry: ("/sitemap.xml", "/information-requests/", "/api/v2/information-requests/"),
}
