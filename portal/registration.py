"""Registration status: in which scheme, where, since when, and what happened since."""

from dataclasses import dataclass, field

from django.core.paginator import Paginator

from registry.answering import Sources, sources_about, speaking
from registry.asking import Question, ask
from registry.insurance import SCHEMES_OF, Insurance
from registry.models import Enrolment, EnrolmentEvent

LATEST_SHOWN = 3
EVENTS_A_PAGE = 40
ENROLMENTS = Question(
    """
SELECT e.*, area.code AS area__code, area.name AS area__name, agency.code AS agency__code, agency.name AS agency__name,
       agency.phone AS agency__phone, employer.id AS employer__id, employer.name AS employer__name
FROM registry_enrolment e
JOIN registry_area area ON area.code = e.area_id
JOIN registry_agency agency ON agency.code = e.agency_id
LEFT JOIN registry_employer employer ON employer.id = e.employer_id
WHERE e.person_id = ANY (%(persons)s::bigint[]) ORDER BY e.status_since DESC, e.id
""",
    Enrolment,
)
LATEST_EVENTS = Question(
    """
SELECT latest.*, employer.id AS employer__id, employer.name AS employer__name
FROM registry_enrolment e
CROSS JOIN LATERAL (
    SELECT v.id, v.enrolment_id, v.kind, v.effective_month, v.recorded_on, v.counterpart_area, v.employer_id
    FROM registry_enrolmentevent v WHERE v.enrolment_id = e.id
    ORDER BY v.effective_month DESC, v.recorded_on DESC, v.id DESC LIMIT %(latest)s
) latest
LEFT JOIN registry_employer employer ON employer.id = latest.employer_id
WHERE e.person_id = ANY (%(persons)s::bigint[])
ORDER BY latest.effective_month DESC, latest.recorded_on DESC, latest.id DESC
""",
    EnrolmentEvent,
)


@dataclass
class InsuranceStatus:
    """One insurance of a person: her enrolments with their latest events, or what is known of there being none."""

    insurance: Insurance
    enrolments: list = field(default_factory=list)
    judged: object = None


def status_of(person, today):
    """The five insurances as InsuranceStatus. Three queries, however long the history, sent together."""
    persons = person.record_ids
    enrolments, events, states = ask(
        ENROLMENTS.of(persons=persons),
        LATEST_EVENTS.of(persons=persons, latest=LATEST_SHOWN),
        speaking(person, "enrolments"),
    )
    latest = {}
    for event in events:
        latest.setdefault(event.enrolment_id, []).append(event)
    statuses = {insurance: InsuranceStatus(insurance) for insurance in Insurance}
    for enrolment in enrolments:
        enrolment.latest = latest.get(enrolment.pk, ())
        statuses[enrolment.insurance].enrolments.append(enrolment)
    sources = Sources(states, today)
    for status in statuses.values():
        status.judged = sources.judge_insurance(status.enrolments, "enrolments", status.insurance)
    return list(statuses.values())


@dataclass(frozen=True)
class RegistrationHistory:
    """What happened to a person's enrolments in one insurance: a page of EnrolmentEvents, newest first.

    `judged`: Known, KnownNone or Unknown; `names_place`: whether she was enrolled in more than one scheme or area.
    """

    insurance: Insurance
    page: object
    judged: object
    names_place: bool


def history_of(person, insurance, number, today):
    """The RegistrationHistory of one insurance, page `number` (from 1). At most four queries at any length."""
    enrolments = Enrolment.objects.filter(person__in=person.record_ids, scheme__in=SCHEMES_OF[insurance])
    places = dict(enrolments.values_list("pk", "area_id"))
    events = (
        EnrolmentEvent.objects.filter(enrolment__in=list(places))
        .select_related("employer", "enrolment__area")
        .order_by("-effective_month", "-recorded_on", "-pk")
    )
    page = Paginator(events, EVENTS_A_PAGE).get_page(number)
    page.object_list = list(page.object_list)
    sources = sources_about(person, ["enrolments"], today, SCHEMES_OF[insurance])
    judged = sources.judge_insurance(page.object_list, "enrolments", insurance)
    return RegistrationHistory(insurance, page, judged, len(places) > 1)
