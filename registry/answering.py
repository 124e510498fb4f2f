"""Who can tell something about a person: the sources behind a page, read at once, and what is known of nothing."""

from registry.asking import Question, ask
from registry.insurance import FAMILY_OF, AgencyFamily
from registry.known import expected_month, judge
from registry.models import SourceState

# Of the areas where she is enrolled; where there is none, of those that issued her cards; without a card, of all.
SPEAKING = Question(
    """
WITH enrolled AS (
    SELECT area_id FROM registry_enrolment
    WHERE person_id = ANY (%(persons)s::bigint[])
        AND (%(schemes)s::text[] IS NULL OR scheme = ANY (%(schemes)s::text[]))
    UNION SELECT unnest(%(areas)s::text[])
), carded AS (
    SELECT area_id FROM registry_card
    WHERE person_id = ANY (%(persons)s::bigint[]) AND NOT EXISTS (SELECT FROM enrolled)
), asked AS (
    SELECT area_id FROM enrolled UNION SELECT area_id FROM carded
    UNION SELECT code FROM registry_area WHERE NOT EXISTS (SELECT FROM enrolled) AND NOT EXISTS (SELECT FROM carded)
)
SELECT s.id, s.kind, s.complete_to, s.received_on, s.next_expected_on, s.refused_at, s.agency_id, s.area_id,
       agency.code AS agency__code, agency.name AS agency__name, agency.family AS agency__family,
       area.code AS area__code, area.name AS area__name
FROM registry_sourcestate s
JOIN registry_agency agency ON agency.code = s.agency_id
JOIN registry_area area ON area.code = s.area_id
WHERE s.kind = ANY (%(kinds)s::text[]) AND s.area_id = ANY (ARRAY(SELECT area_id FROM asked))
ORDER BY s.agency_id, s.area_id, s.kind
""",
    SourceState,
)


def speaking(person, *kinds, schemes=None, areas=()):
    """The question after the SourceStates of some kinds of feed file that can speak about a person, for `ask`.

    `schemes`: only where she is enrolled in one of these counts as where she is enrolled; None: any. `areas`: codes of
    areas that count as such besides.
    """
    named = None if schemes is None else [str(scheme) for scheme in schemes]
    return SPEAKING.of(persons=person.record_ids, kinds=list(kinds), schemes=named, areas=list(areas))


def furthest_behind(states):
    """The SourceState that decides what is known: one whose last file was refused, else the latest; None of none."""
    return min(states, key=lambda s: (s.refused_at is None, s.complete_to), default=None)


def nothing_of(person, kind, today):
    """KnownNone or Unknown for a person of whom no row of a kind of feed file is on record on `today`. One query.

    Of the sources that can speak about her, the one furthest behind decides.
    """
    [states] = ask(speaking(person, kind))
    return judge(None, furthest_behind(states), expected_month(today))


class Sources:
    """What the SourceStates `states` that speak about a person let be known on `today`, a date."""

    def __init__(self, states, today):
        self.present = expected_month(today)
        self.states = states

    def of(self, kind, family=AgencyFamily.HUMAN_RESOURCES):
        """The SourceState of a kind that is furthest behind, among the agencies of a family; None where none delivers.

        One whose last file was refused goes before all others.
        """
        return furthest_behind([s for s in self.states if s.kind == kind and s.agency.family == family])

    def of_insurance(self, kind, insurance):
        return self.of(kind, FAMILY_OF[insurance])

    def judge(self, value, kind, family=AgencyFamily.HUMAN_RESOURCES):
        """Known, KnownNone or Unknown for `value` (None or empty where no row exists) as of the present."""
        return judge(value, self.of(kind, family), self.present)

    def judge_insurance(self, value, kind, insurance):
        return self.judge(value, kind, FAMILY_OF[insurance])


def sources_about(person, kinds, today, schemes=None):
    """The Sources that speak about a person on `today`; see `speaking`. One query."""
    [states] = ask(speaking(person, *kinds, schemes=schemes))
    return Sources(states, today)
