"""Registration status: in which scheme, where, since when, and what happened since."""

from dataclasses import dataclass, field

from django.core.paginator import Paginator
from django.db.models import Prefetch

from registry.answering import Sources
from registry.insurance import SCHEMES_OF, Insurance
from registry.models import Enrolment, EnrolmentEvent

LATEST_SHOWN = 3
EVENTS_A_PAGE = 40


@dataclass
class InsuranceStatus:
    """One insurance of a person: her enrolments with their latest events, or what is known of there being none."""

    insurance: Insurance
    enrolments: list = field(default_factory=list)
    judged: object = None


def status_of(person, today):
    """The five insurances as InsuranceStatus. Three queries, however long the history."""
    latest = EnrolmentEvent.objects.select_related("employer").order_by("-effective_month", "-recorded_on", "-pk")
    enrolments = (
        Enrolment.objects.filter(person__in=person.record_ids)
        .select_related("area", "agency", "employer")
        .prefetch_related(Prefetch("events", queryset=latest[:LATEST_SHOWN], to_attr="latest"))
        .order_by("-status_since", "pk")
    )
    statuses = {insurance: InsuranceStatus(insurance) for insurance in Insurance}
    for enrolment in enrolments:
        statuses[enrolment.insurance].enrolments.append(enrolment)
    sources = Sources(person, ["enrolments"], today, {e.area_id for e in enrolments})
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
    sources = Sources(person, ["enrolments"], today, set(places.values()))
    judged = sources.judge_insurance(page.object_list, "enrolments", insurance)
    return RegistrationHistory(insurance, page, judged, len(places) > 1)
