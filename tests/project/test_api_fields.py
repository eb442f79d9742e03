"""Every field name of the API, written out: a new field is public only once somebody has written it here too."""

from .api_table import names_by_block, names_by_endpoint, names_by_page_type

# By address: every name in what it answers; a dot goes into an object or the items of a list.
ENDPOINTS = {
    "/api/v2/agreements/": (
        "items items.in_force_from items.name items.slug items.url meta meta.next meta.previous meta.total_count"
    ),
    "/api/v2/agreements/{slug}/": "in_force_from name slug text url",
    "/api/v2/forms/": (
        "items items.closed_because items.closes_on items.id items.is_open items.kind items.opens_on "
        "items.summary items.time_needed items.title items.url meta meta.next meta.previous meta.total_count"
    ),
    "/api/v2/forms/{id}/": (
        "before_you_start closed_because closes_on id is_open kind opens_on other_ways schema sections "
        "sections.id sections.intro sections.questions sections.questions.hint sections.questions.id "
        "sections.questions.label sections.questions.required sections.questions.settings "
        "sections.questions.text sections.questions.type sections.questions.when sections.questions.when.is "
        "sections.questions.when.question sections.title sections.when sections.when.is "
        "sections.when.question summary time_needed title url version what_happens_next"
    ),
    "POST /api/v2/forms/{id}/files/": "name size token",
    "POST /api/v2/forms/{id}/submissions/": "reference sent_at status_url url what_happens_next",
    "/api/v2/information-requests/": (
        "items items.answered_on items.id items.outcome items.outcome_words items.received_on items.rules "
        "items.subject items.url items.was_late meta meta.next meta.previous meta.total_count"
    ),
    "/api/v2/information-requests/numbers/": (
        "years years.counts years.counts.count years.counts.words years.name years.rules years.year"
    ),
    "/api/v2/information-requests/{id}/": (
        "answer answered_on id outcome outcome_words reason received_on rules subject url was_late"
    ),
    "/api/v2/meetings/": (
        "items items.called_off_because items.ends_at items.has_minutes items.how_to_join items.id items.kind "
        "items.kind_words items.panel items.place items.review items.review.id items.review.title "
        "items.review.url items.starts_at items.theme items.url items.when meta meta.next meta.previous "
        "meta.total_count"
    ),
    "/api/v2/meetings/{id}/": (
        "agenda called_off_because decisions decisions.state decisions.text ends_at has_minutes how_to_join "
        "id kind kind_words minutes minutes_agreed_on panel place recommendations review review.id "
        "review.title review.url starts_at theme turnout url when"
    ),
    "/api/v2/menus/": "footer footer.label footer.url main main.label main.url",
    "/api/v2/newsletters/": (
        "items items.id items.issued_on items.summary items.title items.url meta meta.next meta.previous "
        "meta.total_count"
    ),
    "/api/v2/newsletters/{id}/": (
        "alternatives alternatives.kind alternatives.url alternatives.words body body.id body.type body.value "
        "id issued_on summary title url"
    ),
    "/api/v2/outcomes/": (
        "items items.came_from items.difference items.first_published_at items.id items.recommendations "
        "items.service_areas items.status items.status.explanation items.status.note items.status.standing "
        "items.status.words items.summary items.title items.url items.we_did items.you_said meta meta.next "
        "meta.previous meta.total_count"
    ),
    "/api/v2/outcomes/{id}/": (
        "came_from difference first_published_at id recommendations service_areas status status.explanation "
        "status.note status.standing status.words summary title url we_did you_said"
    ),
    "/api/v2/pages/": (
        "items items.id items.meta items.meta.detail_url items.meta.first_published_at items.meta.html_url "
        "items.meta.slug items.meta.type items.title meta meta.next meta.previous meta.total_count"
    ),
    "/api/v2/pages/{id}/": ("id meta meta.detail_url meta.first_published_at meta.html_url meta.slug meta.type title"),
    "/api/v2/panels/": (
        "items items.ends_on items.kind items.maximum_members items.minimum_members items.name items.part_of "
        "items.process items.process.checked_by items.process.description items.process.if_refused "
        "items.process.if_refused.by_when items.process.if_refused.name items.process.if_refused.text "
        "items.process.name items.process.stages items.process.stages.by_when items.process.stages.name "
        "items.process.stages.text items.purpose items.quorum items.recruiting items.rules "
        "items.rules_as_data items.seats_taken items.service_areas items.slug items.starts_on "
        "items.time_asked items.vacancies items.who_may_join meta meta.next meta.previous meta.total_count"
    ),
    "/api/v2/panels/{slug}/": (
        "activities board_champion brief ends_on kind maximum_members mentor minimum_members name part_of "
        "process process.checked_by process.description process.if_refused process.if_refused.by_when "
        "process.if_refused.name process.if_refused.text process.name process.stages process.stages.by_when "
        "process.stages.name process.stages.text purpose quorum recruiting role_description rules "
        "rules_as_data seats_taken service_areas slug starts_on support supported_by terms_of_reference "
        "time_asked vacancies who_may_join"
    ),
    "/api/v2/preview/": ("id meta meta.detail_url meta.first_published_at meta.html_url meta.slug meta.type title"),
    "/api/v2/programmes/": (
        "items items.agreed_by items.agreed_how items.agreed_on items.ends_on items.id items.panel "
        "items.starts_on items.title items.url meta meta.next meta.previous meta.total_count"
    ),
    "/api/v2/programmes/{id}/": (
        "agreed_by agreed_how agreed_on count ends_on id other_reviews other_reviews.id other_reviews.title "
        "other_reviews.url panel questions starts_on title topics topics.because topics.came_from "
        "topics.review topics.review.id topics.review.title topics.review.url topics.score topics.state "
        "topics.title topics.votes url"
    ),
    "/api/v2/recommendations/": (
        "items items.actions items.actions.done_on items.actions.due items.actions.owner items.actions.text "
        "items.answer items.answer_due items.answer_reason items.answered_on items.asked_on items.checked_by "
        "items.completion_measure items.confirmed_on items.current_target items.delivery items.earlier_reference "
        "items.evidence items.evidence_shown items.evidence_shown.link items.evidence_shown.on "
        "items.evidence_shown.text "
        "items.explanation items.first_answer items.first_answered_on items.first_target items.impact "
        "items.impact_check_due items.impact_checked_on items.lateness items.lateness.days items.lateness.due "
        "items.lateness.expected items.lateness.reason items.made_at items.owner items.panel items.reason "
        "items.ref items.refers_to items.report items.service_areas items.standards items.standing "
        "items.status items.taken_to items.taken_to.asks items.taken_to.on items.taken_to.replied_on "
        "items.taken_to.reply_due items.taken_to.to_whom items.text items.times_date_changed items.title "
        "items.url items.value_for_money items.who_benefits meta meta.next meta.previous meta.total_count"
    ),
    "/api/v2/recommendations/{series}/{number}/": (
        "actions actions.done_on actions.due actions.owner actions.text answer answer_due answer_reason "
        "answered_on asked_on checked_by completion_measure confirmed_on current_target delivery earlier_reference "
        "evidence evidence_shown evidence_shown.link evidence_shown.on evidence_shown.text explanation first_answer "
        "first_answered_on first_target history history.how history.kind history.meeting history.mistake history.on "
        "history.text history.title impact impact_check_due impact_checked_on lateness lateness.days "
        "lateness.due lateness.expected lateness.reason made_at owner panel reason ref refers_to report "
        "service_areas standards standing status taken_to taken_to.asks taken_to.on taken_to.replied_on "
        "taken_to.reply_due taken_to.to_whom text times_date_changed title url value_for_money who_benefits"
    ),
    "/api/v2/recommendations/{series}/{number}/steps/": (
        "ref status steps steps.earlier steps.fields steps.fields.choices steps.fields.choices.label "
        "steps.fields.choices.value steps.fields.help steps.fields.label steps.fields.name "
        "steps.fields.required steps.label steps.step"
    ),
    "POST /api/v2/recommendations/{series}/{number}/steps/": (
        "added added.how added.kind added.meeting added.mistake added.on added.text added.title answer answer_due "
        "answer_reason answered_on confirmed_on current_target delivery first_target ref standing status "
        "times_date_changed url"
    ),
    "/api/v2/redirects/": ("items items.from items.permanent items.to meta meta.next meta.previous meta.total_count"),
    "/api/v2/reports/": (
        "items items.agreed_on items.asked items.confirmed items.first_published_at items.id items.panel "
        "items.result items.review items.review.id items.review.title items.review.url items.summary "
        "items.title items.url meta meta.next meta.previous meta.total_count"
    ),
    "/api/v2/reports/{id}/": (
        "agreed_on alternatives alternatives.kind alternatives.url alternatives.words asked body body.id "
        "body.type body.value confirmed first_published_at id panel recommendations response_summary result "
        "review review.id review.title review.url summary title url"
    ),
    "/api/v2/reviews/": (
        "items items.commissioned_by items.expect items.group items.id items.is_late items.kind "
        "items.light_touch items.not_chosen_because items.panel items.process items.service_areas "
        "items.stages items.stages.description items.stages.done_on items.stages.due_on items.stages.name "
        "items.stages.planned_on items.stages.state items.stages.told items.stages.who_acts "
        "items.stages.words items.started_on items.state items.summary items.title items.trigger items.url "
        "items.where meta meta.next meta.previous meta.total_count"
    ),
    "/api/v2/reviews/{id}/": (
        "commissioned_by expect good_practice group id is_late kind left_out light_touch meetings methods "
        "not_chosen_because outcomes outcomes.id outcomes.title outcomes.url panel part_of part_of.id "
        "part_of.title part_of.url process questions recommendations reports reports.id reports.title "
        "reports.url service_areas stages stages.description stages.done_on stages.due_on stages.name "
        "stages.planned_on stages.state stages.told stages.who_acts stages.words started_on state summary "
        "title trigger url where why"
    ),
    "/api/v2/search/": (
        "items items.day items.excerpt items.kind items.ref items.status items.title items.url items.what "
        "meta meta.next meta.previous meta.total_count"
    ),
    "/api/v2/service-areas/": ("items items.name items.slug meta meta.next meta.previous meta.total_count"),
    "/api/v2/service-areas/{slug}/": "name slug",
    "/api/v2/settings/": (
        "brand_colour data_protection_contact email kind logo logo.alt logo.height logo.smaller "
        "logo.smaller.height logo.smaller.url logo.smaller.width logo.url logo.width name nation not_for "
        "opening_hours organisation other_formats phone post regulator team_name word_for_one "
        "word_for_several"
    ),
    "/api/v2/statistics/": (
        "on standings standings.count standings.explanation standings.share standings.standing standings.words total"
    ),
    "/api/v2/submissions/{token}/": (
        "dates form is_late is_waiting may_review messages messages.body messages.sent_at messages.subject now "
        "outside_body outside_body.name outside_body.url reference sent_at steps steps.date steps.title"
    ),
}
# By type of page: its fields, besides what each has under "meta".
PAGE_TYPES = {
    "forms.FormPage": "id title summary social_image kind opens_on closes_on",
    "home.AccessibilityStatementPage": (
        "id title summary social_image compliance not_accessible improving answered_in prepared_on "
        "reviewed_on tested_on tested_by how_tested"
    ),
    "home.ContactPage": "id title summary social_image body",
    "home.HomePage": "id title summary social_image headline show_numbers body",
    "home.PrivacyPage": "id title summary social_image body",
    "home.StandardPage": "id title summary social_image body",
    "scrutiny_pages.EasyReadPage": "id title summary social_image language body alternatives",
    "scrutiny_pages.MeetingIndexPage": "id title summary social_image",
    "scrutiny_pages.NewsletterIndexPage": "id title summary social_image",
    "scrutiny_pages.NewsletterPage": "id title summary social_image issued_on body alternatives",
    "scrutiny_pages.OutcomeIndexPage": "id title summary social_image",
    "scrutiny_pages.OutcomePage": (
        "id title summary social_image you_said we_did difference recommendation_refs came_from stated_state checked_on"
    ),
    "scrutiny_pages.PanelIndexPage": "id title summary social_image",
    "scrutiny_pages.PanelPage": "id title summary social_image panel",
    "scrutiny_pages.ReportIndexPage": "id title summary social_image",
    "scrutiny_pages.ReportPage": (
        "id title summary social_image alternatives agreed_on body response_summary recommendation_refs"
    ),
    "scrutiny_pages.ReviewIndexPage": "id title summary social_image",
    "scrutiny_pages.ReviewPage": (
        "id title summary social_image panel commissioned_by state kind trigger process started_on "
        "light_touch why questions left_out good_practice stages"
    ),
    "scrutiny_pages.TrackerPage": "id title summary social_image",
}
# By kind of block, wherever it may stand: the parts of its value.
BLOCKS = {
    "agreements": "heading shown",
    "call": "heading text link shown",
    "call.link": "page url label",
    "chart": "title unit pointed_out rows",
    "chart.rows[]": "label value weak",
    "contact_details": "heading shown",
    "evidence": "title source text document url",
    "figure": "number meaning",
    "finding": "title text",
    "good_practice": "title text",
    "latest_outcomes": "heading intro number shown",
    "latest_reports": "heading intro number shown",
    "meeting": "shown",
    "methods": "heading shown",
    "next_meetings": "heading number shown",
    "other_language": "language text",
    "outcome": "page shown",
    "pair": "image sentence",
    "pairs_chart": "title unit first second rows",
    "pairs_chart.rows[]": "label first second",
    "photo": "image caption",
    "problem": "what criterion reason instead plan",
    "quote": "quote who",
    "report": "page shown",
    "standards": "heading shown",
    "start_form": "page shown",
    "time_chart": "title unit rows",
    "time_chart.rows[]": "label value",
    "tracker_numbers": "heading shown",
    "vacancies": "text shown",
}


def test_an_answer_has_the_names_that_are_written_here_and_no_others():
    assert {path: " ".join(names) for path, names in names_by_endpoint().items()} == ENDPOINTS


def test_a_page_has_the_fields_that_are_written_here_and_no_others():
    assert {label: " ".join(names) for label, names in names_by_page_type().items()} == PAGE_TYPES


def test_a_block_has_the_parts_that_are_written_here_and_no_others():
    assert {name: " ".join(names) for name, names in names_by_block().items() if names} == BLOCKS
