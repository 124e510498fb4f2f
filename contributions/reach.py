"""How far the sources of contributions reach, by area: what can be called nothing, and what cannot be told."""

from registry.insurance import FAMILY_OF
from registry.models import SourceState

from .arrears import judged_on


class Reach:
    """The sources that can speak about a person's contributions, one for each area and family of agencies."""

    def __init__(self, states):
        self.of_place = {}
        for state in states:
            place = state.agency.family, state.area_id
            self.of_place[place] = min([state, *filter(None, [self.of_place.get(place)])], key=_behind)

    def sources(self, insurance, areas=()):
        """The SourceStates of an insurance in these areas (codes); of all areas where none is given."""
        family = FAMILY_OF[insurance]
        return [s for (f, area), s in self.of_place.items() if f == family and (not areas or area in areas)]

    def shown(self, insurance, areas=()):
        """The source furthest behind, whose month stands beside the figures; None where none ever delivered."""
        return min(self.sources(insurance, areas), key=_behind, default=None)

    def is_complete(self, insurance, areas, covered):
        """Whether each of the areas has delivered all of the month covered, so that no record means none."""
        found = self.sources(insurance, areas)
        is_each_there = len({s.area_id for s in found}) >= max(1, len(set(areas)))
        return is_each_there and all(s.refused_at is None and s.complete_to >= covered for s in found)

    def known_on(self, insurance, area, today):
        """The day on which arrears of an area can be told (contributions.arrears.judged_on)."""
        return judged_on(today, self.sources(insurance, [area]))


def reach(person, areas):
    """The Reach of the sources that answer for a person enrolled in these areas (codes). One query, two without any."""
    states = SourceState.objects.filter(kind="contributions").select_related("agency")
    return Reach(states.answering_for(person, areas))


def _behind(state):
    return state.refused_at is None, state.complete_to
