"""Entering the special people, and asking for them."""

from datetime import date
from typing import NamedTuple

from portal.population import lives, people
from portal.population.careers import Life
from portal.population.numbers import citizen_number
from portal.population.places import Area


class Special(NamedTuple):
    """One of them. `shows`: codes and states that the portal must show for this person; `live` gives the life."""

    serial: int
    key: str
    name: str
    sex: str
    born: date
    area: Area
    shows: tuple
    live: object
    more: dict

    @property
    def number(self):
        return citizen_number(self.serial, self.born, self.sex)

    @property
    def note(self):
        return self.live.__doc__


SPECIAL = []


def special(key, name, sex, born, area, *shows, **more):
    """Enter the decorated function (society, life, last) as the life of the next special person."""

    def enter(live):
        year, month, day = map(int, born.split("-"))
        SPECIAL.append(Special(len(SPECIAL) + 1, key, name, sex, date(year, month, day), area, shows, live, more))
        return live

    return enter


def lives_of(society):
    """The special people's lives, always in the same order."""
    for who in SPECIAL:
        person = people.citizen(who.serial, who.name, who.sex, who.born, who.area, **who.more)
        life = Life(person, cards=[people.card(person, who.area, date(2016, 6, 15))])
        who.live(society, life, society.horizon.last)
        if not life.openings:
            lives.before_the_records(society, life)
        yield life


def named(key):
    """The special person of this key; KeyError if there is none."""
    return {who.key: who for who in SPECIAL}[key]
