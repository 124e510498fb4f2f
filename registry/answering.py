"""Who can tell something about a person: the sources behind a page, read at once, and what is known of nothing."""

from registry.insurance import FAMILY_OF, AgencyFamily
from registry.known import judge
from registry.models import Enrolment, SourceState
from registry.months import add_months, month_of

# Agencies deliver a month after it has ended; who is further behind does not speak for the present.
LATE_AFTER_MONTHS = 2


class Sources:
    """The SourceStates of some kinds that speak about a person. One query, and one where `areas` is not given."""

    def __init__(self, person, kinds, today, areas=None):
        """`areas`: codes of the pooling areas where she is enrolled; read where it is None. `today`: a date."""
        self.present = add_months(month_of(today), -LATE_AFTER_MONTHS)
        if areas is None:
            enrolled = Enrolment.objects.filter(person__in=person.record_ids)
            areas = set(enrolled.values_list("area_id", flat=True))
        states = SourceState.objects.filter(kind__in=kinds).select_related("agency", "area")
        self.states = list(states.answering_for(person, areas))

    def of(self, kind, family=AgencyFamily.HUMAN_RESOURCES):
        """The SourceState of a kind that is furthest behind, among the agencies of a family; None where none delivers.

        One whose last file was refused goes before all others.
        """
        asked = [s for s in self.states if s.kind == kind and s.agency.family == family]
        return min(asked, key=lambda s: (s.refused_at is None, s.complete_to), default=None)

    def of_insurance(self, kind, insurance):
        return self.of(kind, FAMILY_OF[insurance])

    def judge(self, value, kind, family=AgencyFamily.HUMAN_RESOURCES):
        """Known, KnownNone or Unknown for `value` (None or empty where no row exists) as of the present."""
        return judge(value, self.of(kind, family), self.present)

    def judge_insurance(self, value, kind, insurance):
        return self.judge(value, kind, FAMILY_OF[insurance])
