"""Every row of the five real arrangements that is public has its place on its starter's site, by the id of the row."""

import html
import re

import pytest
from django.core.management import call_command

from scrutiny_pages.starters import reader

PANELS, REVIEWS, ABOUT = "/panels/", "/reviews/", "/about/"

# Where each row is, and what is said there. A row may have several places.
PLACES: dict[str, dict[str, list[tuple[str, list[str]]]]] = {
    "three-tier": {
        "A0 Bodies": [
            (PANELS, ["Scrutiny Panel", "Tenant Auditors", "Repairs Customer Panel", "Older People Customer Panel"])
        ],
        "A0 Published": [
            ("/newsletters/", ["Newsletters"]),
            ("/meetings/", ["Come and meet the panel"]),
            ("/about/our-groups/", ["special scrutiny newsletters"]),
        ],
        "W1": [("/about/our-groups/", ["No group stands above the rest", "nothing is done twice"])],
        "W2": [
            ("/panels/scrutiny-panel/", ["Terms of reference", "what touches more than one service"]),
            ("/panels/estates-panel/", ["Terms of reference", "one service for the people who use it"]),
            ("/about/local-offers/", ["somebody calls back", "twice a year, with mystery shopping"]),
            ("/about/what-members-agree-to/", ["Code of conduct", "Confidentiality", "How we exchange information"]),
            ("/agreements/exchange-of-information/", ["We ask for more on a form"]),
        ],
        "W8": [
            (
                "/about/how-we-find-out/",
                ["Questioning customers", "Testing a service ourselves", "Comparing with others", "Peer", "Diaries"],
            )
        ],
        "W11": [
            (
                "/panels/community-safety-panel/",
                [
                    "figures for one service",
                    "comments, complaints and compliments",
                    "new policies, and those that change a lot",
                    "what became of what was agreed",
                    "larger reviews and projects",
                ],
            )
        ],
        "W18": [
            ("/panels/scrutiny-panel/", ["from the first call to the end", "good value for money", "the local offers"])
        ],
        "W23": [
            ("/panels/scrutiny-panel/", ["Service Improvement Manager", "It is independent"]),
            ("/panels/tenant-auditors/", ["Customer Involvement Team"]),
        ],
        "W29": [("/about/our-groups/", ["in the newsletter, in our offices, on this website and at open days"])],
        "W36": [("/panels/scrutiny-panel/", ["one theme for each meeting"]), ("/meetings/", ["Damp"])],
        "W43": [("/panels/scrutiny-panel/", ["independent mentor, in the panel’s first year"])],
        "W45": [
            (
                "/about/how-we-find-out/",
                ["Mystery shopping", "Reality checking", "Interviewing staff and", "Reviewing information"],
            )
        ],
        "W48": [
            (
                "/panels/scrutiny-panel/",
                ["Board champion", "chosen for involvement", "may also act for us at Board meetings"],
            )
        ],
        "W49": [("/about/our-groups/", ["at events and here", "What the Board says comes back to the panels"])],
        "W50": [("/about/our-groups/", ["Reading Panel", "Armchair Panel", "walkabouts and fund days"])],
    },
    "task-and-finish": {
        "A0 Bodies": [(PANELS, ["Assurance Committee", "Review Panel", "Customer Improvement Group"])],
        "A0 Published": [
            ("/panels/review-panel/", ["What came of the review and the landlord’s plan are both public"])
        ],
        "H 1": [("/panels/assurance-committee/", ["The committee commissions reviews", "sure that services are what"])],
        "H 2.1": [
            (
                "/panels/review-panel/",
                [
                    "where it fails and where it does very well",
                    "has a say in what comes first",
                    "value for money and at social value",
                    "Compare with the best",
                    "between 4 and 12 members",
                ],
            )
        ],
        "H 3.1-3.2": [
            (
                "/panels/assurance-committee/",
                [
                    "alone or with the customer improvement groups",
                    "figures and what the best landlords do",
                    "Our Chair and the Chairs of the groups agree",
                ],
            )
        ],
        "H 4.3 step 10": [("/panels/review-panel/", ["Telling everybody", "the landlord’s plan are both public"])],
        "H 6.2 Onward": [
            ("/panels/review-panel/", ["The plan goes to the Board"]),
            ("/panels/assurance-committee/", ["The Board hears how far it is", "customers do where that fits"]),
        ],
        "H 11 Conduct": [("/about/how-we-behave/", ["Interrupting, taking over", "loses their place"])],
        "H Chart": [
            (
                "/reviews/waiting-for-a-repair/",
                [
                    "Agreeing what to look at",
                    "The committee agrees the draft",
                    "The draft goes to senior managers",
                    "The final report goes to the committee",
                    "The committee follows the plan",
                ],
            )
        ],
    },
    "council-forum": {
        "A0 Bodies": [(PANELS, ["Tenant Scrutiny Panel", "Tenants’ Forum"])],
        "A0 Published": [("/panels/scrutiny-panel/", ["Tell tenants in the newsletter"])],
        "K 1": [
            (
                "/panels/scrutiny-panel/",
                ["critical friend", "You said, we did", "what it costs, and whether it is fair to everybody"],
            )
        ],
        "K 2": [("/panels/scrutiny-panel/", ["Part of", "Tenants’ Forum"])],
        "K 2.1": [("/panels/scrutiny-panel/", ["a promise to tenants is not kept, and plan with the service"])],
        "K 2.2": [
            (
                "/panels/scrutiny-panel/",
                [
                    "rent, repairs, empty homes, neighbourhoods, complaints",
                    "Look back at our own recommendations",
                    "how a policy touches different people",
                ],
            )
        ],
        "K 2.3-2.6": [
            (
                "/panels/scrutiny-panel/",
                ["asked for our views", "yearly service plan", "Report in short to the forum", "in the newsletter"],
            )
        ],
        "K 4.4": [("/about/how-to-join/", ["look like all tenants, in age", "in the newsletter, at events"])],
        "K 10": [("/panels/scrutiny-panel/", ["Up to 14 hours a month", "Who works is helped to take part"])],
        "K 11.1": [("/panels/tenants-forum/", ["each September", "three reviews at most"])],
        "K 11.3": [("/panels/scrutiny-panel/", ["Report in short to the forum", "housing staff too"])],
        "K 12": [
            (
                "/panels/scrutiny-panel/",
                ["not at what happened to one person", "plans to improve a service", "mystery shoppers"],
            )
        ],
    },
    "customer-review": {
        "A0 Bodies": [(PANELS, ["Customer reviewers"])],
        "A0 Published": [("/panels/customer-reviewers/", ["Staff, the Board and everybody on this website"])],
        "G 1": [
            (ABOUT, ["Customers choose two topics a year"]),
            (
                "/panels/customer-reviewers/",
                ["Each review has its own team", "Agree with the landlord what will be done"],
            ),
        ],
        "G 2": [
            (
                "/panels/customer-reviewers/",
                ["Agree why, what we ask, who and what we need, and what we leave out", "the dates that matter"],
            ),
            ("/reviews/getting-through/", ["Why we chose this", "What we want to find out"]),
        ],
        "G 3 New members": [("/panels/customer-reviewers/", ["watch first, follow somebody", "work in a pair"])],
        "G 4": [
            (
                "/about/how-we-find-out/",
                [
                    "Does it match what really happens?",
                    "Have they got better or worse",
                    "Focus groups",
                    "Talking to staff",
                ],
            )
        ],
        "G 6": [
            (
                "/panels/customer-reviewers/",
                ["what was known before", "how we will know that it is done", "ten pages, with pictures"],
            )
        ],
        "G 9 Status": [("/panels/customer-reviewers/", ["seen as an inside audit", "staff have to find time"])],
    },
    "scrutiny-panel": {
        "A0 Bodies": [(PANELS, ["Resident Scrutiny Panel"])],
        "A0 Published": [("/what-we-found/", ["what we found"])],
        "C Background": [("/about/our-landlord/", ["homes in several counties", "A manager and an officer"])],
        "C Offer": [
            ("/panels/resident-scrutiny-panel/", ["12 meetings and three reviews", "travel", "training"]),
            ("/panels/senior-leadership-team/", ["present every report to them"]),
            ("/panels/board/", ["as those it reports to"]),
        ],
        "C Role description": [
            (
                "/panels/resident-scrutiny-panel/",
                ["the best interest of residents", "Every six months", "basic computer skills", "The role may change"],
            )
        ],
        "C Expenses": [("/panels/resident-scrutiny-panel/", ["45p a mile", "with a receipt"])],
        "C SPIRIT": [("/panels/resident-scrutiny-panel/", ["six values", "help one another", "look for the good"])],
        "C ToR: RSP will": [
            (
                "/panels/resident-scrutiny-panel/",
                [
                    "Make a plan for the year",
                    "Compare with others",
                    "reports that rest on evidence",
                    "name what is good",
                ],
            )
        ],
        "C Meetings": [
            (
                "/panels/resident-scrutiny-panel/",
                ["set when the year starts", "12 times a year", "three to four months"],
            )
        ],
        "C Meeting code": [
            ("/about/what-members-agree-to/", ["Code of conduct"]),
            ("/agreements/code-of-conduct/", ["I listen", "accept what the Chair says", "My telephone is silent"]),
        ],
        "C Panel code": [
            (
                "/agreements/code-of-conduct/",
                ["no special treatment", "no political party", "my own opinion", "what the panel has decided"],
            )
        ],
    },
}


def words_of(page: str) -> str:
    """Return the text of a page's main part, on one line, with one kind of apostrophe."""
    main = page.split("<main", 1)[1].split("</main>", 1)[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).replace("'", "’").split()).lower()


@pytest.mark.django_db
@pytest.mark.matrix("starter", "three-tier")
@pytest.mark.parametrize("starter", reader.names())
def test_what_is_public_has_its_place(client, starter):
    call_command("load_starter", starter, "--example", "--publish")
    pages: dict[str, str] = {}
    missing = []
    for row, places in PLACES[starter].items():
        for address, expected in places:
            if address not in pages:
                answer = client.get(address)
                assert answer.status_code == 200, f"{row}: {address}"
                pages[address] = words_of(answer.content.decode())
            missing += [
                f"{row}: {address} does not say “{each}”" for each in expected if each.lower() not in pages[address]
            ]
    assert missing == []


def test_no_starter_and_no_row_is_forgotten():
    # Besides the rows of its own, each has its part in the two public rows that compare the five.
    own = {"three-tier": 13, "task-and-finish": 7, "council-forum": 10, "customer-review": 6, "scrutiny-panel": 9}
    assert {starter: len(rows) - 2 for starter, rows in PLACES.items()} == own
