"""How far the sources of contributions reach, by area: what can be called nothing, and what cannot be told."""

from registry.answering import furthest_behind
from registry.insurance import FAMILY_OF

from .arrears import judged_on


class Reach:
    """The sources that can speak about a person's contributions, one for each area and family of agencies.

    `states`: the SourceStates of contributions that `registry.answering.speaking` finds.
    """

    def __init__(self, states):
        self.of_place = {}
        for state in states:
            place = state.agency.family, state.area_id
            self.of_place[place] = furthest_behind([state, *filter(None, [self.of_place.get(place)])])

    def sources(self, insurance, areas=()):
        """The SourceStates of an insurance in these areas (codes); of all areas where none is given."""
        family = FAMILY_OF[insurance]
        return [s for (f, area), s in self.of_place.items() if f == family and (not areas or area in areas)]

    def shown(self, insurance, areas=()):
        """The source furthest behind, whose month stands beside the figures; None where none ever delivered."""
        return furthest_behind(self.sources(insurance, areas))

    def is_complete(self, insurance, areas, covered):
        """Whether each of the areas has delivered all of the month covered, so that no record means none."""
        found = self.sources(insurance, areas)
        is_each_there = len({s.area_id for s in found}) >= max(1, len(set(areas)))
        return is_each_there and all(s.refused_at is None and s.complete_to >= covered for s in found)

    def known_on(self, insurance, area, today):
        """The day on which arrears of an area can be told (contributions.arrears.judged_on)."""
        return judged_on(today, self.sources(insurance, [area]))
