"""Since when and until when the register says that a person was insured: an enrolment with its events, as months."""

from dataclasses import dataclass
from datetime import date

from registry.asking import Question
from registry.models import Enrolment, EnrolmentEvent
from registry.months import month_of

Kind, Status = EnrolmentEvent.Kind, Enrolment.Status
STARTS = (Kind.ENROL, Kind.RESUME)
STOPS = (Kind.STOP, Kind.TRANSFER_OUT, Kind.TERMINATE, Kind.RETIRE, Kind.DEATH)
ENROLMENTS = Question(
    """
SELECT e.id, e.scheme, e.area_id, e.category, e.status, e.status_since, e.first_insured_on,
       area.code AS area__code, area.name AS area__name
FROM registry_enrolment e JOIN registry_area area ON area.code = e.area_id
WHERE e.person_id = ANY (%(persons)s::bigint[]) AND e.scheme = ANY (%(schemes)s::text[])
ORDER BY e.first_insured_on, e.id
""",
    Enrolment,
)
EVENTS = Question(
    """
SELECT v.id, v.reverses_id, v.enrolment_id, v.kind, v.effective_month
FROM registry_enrolment e JOIN registry_enrolmentevent v ON v.enrolment_id = e.id
WHERE e.person_id = ANY (%(persons)s::bigint[]) AND e.scheme = ANY (%(schemes)s::text[])
ORDER BY v.effective_month, v.recorded_on, v.id
"""
)


@dataclass(frozen=True)
class Standing:
    """One enrolment, with its area's name: `stretches` of months insured, half-open; None: it goes on."""

    enrolment: Enrolment
    stretches: tuple

    @property
    def first_month(self):
        return month_of(self.enrolment.first_insured_on)

    @property
    def retired_since(self):
        """The month from which a pension or a retiree's cover takes the place of contributions; None otherwise."""
        return self.enrolment.status_since if self.enrolment.status == Status.RETIRED else None

    def insures(self, covered):
        return any(since <= covered and (until is None or covered < until) for since, until in self.stretches)

    def has_retired(self, covered):
        return self.retired_since is not None and self.retired_since <= covered


def asked_standings(person, schemes):
    """The two questions after a person's enrolments in the given schemes and their events, for `ask`."""
    facts = {"persons": person.record_ids, "schemes": [str(scheme) for scheme in schemes]}
    return ENROLMENTS.of(**facts), EVENTS.of(**facts)


def standings(enrolments, events):
    """The Standings that the answers to `asked_standings` make. What another event undid did not happen."""
    undone = {undoes for _, undoes, *_ in events}
    of_enrolment = {}
    for event, undoes, enrolment, kind, month in events:
        if undoes is None and event not in undone:
            of_enrolment.setdefault(enrolment, []).append((kind, month))
    return [Standing(e, insured_stretches(e, of_enrolment.get(e.pk, ()))) for e in enrolments]


def insured_stretches(enrolment, events):
    """The stretches of months [since, until) in which an enrolment insured its person.

    events: (kind, effective month) in order; a stop names the first month no longer insured. The present status goes
    before the events: some registers deliver it without them.
    """
    found, since = [], month_of(enrolment.first_insured_on)
    for kind, month in events:
        if kind in STOPS and since is not None:
            found.append((since, month))
            since = None
        elif kind in STARTS and since is None:
            since = month
    if enrolment.status == Status.ACTIVE:
        found.append((since or enrolment.status_since, None))
    else:
        ended: date = enrolment.status_since
        found = [(first, min(until, ended)) for first, until in [*found, (since or ended, ended)]]
    return tuple((first, until) for first, until in found if until is None or first < until)
