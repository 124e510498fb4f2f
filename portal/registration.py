"""Registration status: in which scheme, where, since when, and what happened since."""

from dataclasses import dataclass, field

from django.db.models import Prefetch

from registry.insurance import FAMILY_OF, Insurance
from registry.known import judge
from registry.models import Enrolment, EnrolmentEvent, SourceState
from registry.months import add_months, month_of


@dataclass
class InsuranceStatus:
    """One insurance of a person: her enrolments with their events, or what is known of there being none."""

    insurance: Insurance
    enrolments: list = field(default_factory=list)
    judged: object = None


def status_of(person, today):
    """The five insurances as InsuranceStatus. Three queries, however long the history."""
    events = EnrolmentEvent.objects.select_related("employer")
    enrolments = (
        Enrolment.objects.filter(person__in=person.record_ids)
        .select_related("area", "agency", "employer")
        .prefetch_related(Prefetch("events", queryset=events, to_attr="history"))
        .order_by("-status_since", "pk")
    )
    statuses = {insurance: InsuranceStatus(insurance) for insurance in Insurance}
    for enrolment in enrolments:
        statuses[enrolment.insurance].enrolments.append(enrolment)
    areas = {e.area_id for e in enrolments}
    sources = SourceState.objects.filter(kind="enrolments").select_related("agency", "area")
    states = list(sources.answering_for(person, areas))
    for status in statuses.values():
        family = FAMILY_OF[status.insurance]
        asked = [s for s in states if s.agency.family == family]
        source = min(asked, key=lambda s: (s.refused_at is None, s.complete_to), default=None)
        status.judged = judge(status.enrolments, source, add_months(month_of(today), -2))
    return list(statuses.values())
