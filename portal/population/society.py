"""All of it together: employers, then people one by one, then the years with what was paid."""

from collections import Counter
from datetime import timedelta
from random import Random

from . import employers, lives, places, special
from .benefits import Benefits, Retiree
from .careers import Opening, Spell, registrations, wages
from .law import DIGITS, Law, yuan
from .movements import Movements
from .payments import Payments
from .personal import Flexible, PersonalPayments, Resident

FEWEST_PEOPLE = len(special.SPECIAL)
FIRST_ORDINARY = 1000  # Serial numbers below are the special people's.
ROWS = ("skills", "unemployment", "injuries", "diseases", "disabilities")


class Society:
    """An invented population on its way into the files of `folder`. Months are numbers of `horizon`."""

    def __init__(self, rows, horizon, folder, *, people, employer_count, seed, assessed_months):
        self.horizon, self.folder, self.seed, self.people = horizon, folder, seed, people
        self.law = Law(rows, horizon)
        self.employers = employers.invent(employer_count, seed, horizon)
        self.market = employers.LabourMarket(self.employers)
        assessed_from = horizon.months - assessed_months
        self.benefits = Benefits(horizon, folder)
        self.movements = Movements(self.law, horizon, folder)
        self.payments = Payments(self.law, horizon, folder, self.movements, assessed_from=assessed_from)
        self.personal = PersonalPayments(self.law, horizon, folder, assessed_from=assessed_from)
        self.retirees, self._benefits_of, self._endings_of, self._opening_lines = [], {}, {}, Counter()

    @property
    def steps(self):
        """How many times `write` advances."""
        return self.people + len(self.horizon.years) * len(self.employers)

    def write(self, advance):
        """Write every file; `advance()` is called at each step."""
        self._write_places()
        for life in special.lives_of(self):
            self._register(life)
            advance()
        for order in range(self.people - FEWEST_PEOPLE):
            rng = Random(f"{self.seed}:person:{order}")  # noqa: S311
            self._register(lives.invent(self, rng, FIRST_ORDINARY + order, order))
            advance()
        for year in self.horizon.years:
            self._write_year(year, advance)
        self.folder.close()

    # What lives are made of

    def employ(  # noqa: PLR0913
        self,
        life,
        employer,
        first,
        last=None,
        *,
        level=1.0,
        noise=None,
        occupation="职员",
        started=None,
        reported=None,
        **more,
    ):
        """Work for `employer` in the months from `first` to `last` (None = goes on); returns the Spell.

        `started`: the first day of work, the first of the month if not given. `reported`: the month in which the
        employer reported the start, later than `first` if it was late.
        """
        horizon = self.horizon
        until = horizon.last + 1 if last is None else last
        wage_year, paid = wages(employer.area, horizon, self.law, max(first, 0), max(until, first, 0), level, noise)
        started, ended = started or horizon.day(first, 1), None if last is None else horizon.day(last, 31)
        latest = horizon.day(horizon.last, 31)
        told = started + timedelta(days=9) if reported is None else horizon.day(reported, 10)
        spell = Spell(
            life.person.cells,
            employer,
            first,
            last,
            started,
            ended,
            occupation,
            wage_year,
            paid,
            first if reported is None else reported,
            min(told, max(latest, started)),
            ended and min(ended + timedelta(days=7), latest),
            **more,
        )
        for month in range(first, spell.reported):
            employer.correct(spell.reported, "补缴", month, spell)
        if spell.is_paid_since(0):
            employer.spells.append(spell)
        life.covers.append(spell)
        return spell

    def join_flexible(self, life, area, category, scheme, first, last=None, *, level=0.7, is_quarterly=False):  # noqa: PLR0913
        """A flexible worker's cover in one scheme."""
        until = self.horizon.last + 1 if last is None else last
        wage_year, bases = wages(area, self.horizon, self.law, max(first, 0), max(until, first, 0), level)
        life.covers.append(
            Flexible(area, category, (scheme,), first, last, life.person.cells, wage_year, bases, is_quarterly)
        )

    # One person

    def _register(self, life):
        person, folder = life.person, self.folder
        cells = person.cells.split(",")
        folder.sheet("persons").add(*person.row())
        for card in life.cards:
            folder.sheet("cards").add(*cells, *card.row())
        for spell in life.spells:
            folder.sheet("employment").add(*cells, *spell.row())
        for registration in registrations(life, self.law, self.horizon):
            folder.sheet("enrolments").add(*cells, *registration.enrolment_row())
            for row in registration.event_rows():
                folder.sheet("events").add(*cells, *row)
        for kind in ROWS:
            for row in getattr(life, kind):
                folder.sheet(kind).add(*cells, *row)
        for opening in life.openings:
            self._write_opening(cells, opening)
        for step in life.steps:
            self.movements.step(person.cells, step)
        self._enter(life)

    def _write_opening(self, cells, opening):
        booked = self.horizon.code(opening.number)
        number = f"{opening.area.code}{booked}{DIGITS[opening.scheme]}{'Q' if opening.kind == '期初' else 'Z'}"
        number = opening.slip or number
        self._opening_lines[number] += 1
        place = [opening.scheme, opening.area.code, booked, opening.kind]
        amounts = [yuan(opening.amount), yuan(opening.pooled), opening.source]
        sheet = self.folder.sheet("openings", source=opening.area.code)
        sheet.add(number, str(self._opening_lines[number]), *cells, *place, *amounts)

    def _enter(self, life):
        """Remember what the years still need of this person; the days of work they don't, and those take room."""
        for spell in life.spells:
            spell.started_on = spell.ended_on = spell.start_reported_on = spell.end_reported_on = None
        for cover in life.covers:
            if isinstance(cover, Retiree):
                self.retirees.append(cover)
            elif isinstance(cover, Flexible | Resident):
                self.personal.enter(cover)
        for transfer in life.transfers:
            self.personal.enter_transfer(life.person.cells, transfer)
        for benefit in life.benefits:
            if 0 <= benefit.number <= self.horizon.last:
                year = self.horizon.year(benefit.number)
                self._benefits_of.setdefault(year, []).append((life.person.cells, benefit))
        for ending in life.endings:
            if 0 <= ending.number <= self.horizon.last:
                self._endings_of.setdefault(self.horizon.year(ending.number), []).append(ending)

    # The years

    def _write_year(self, year, advance):
        for employer in self.employers:
            self.payments.write_year(employer, year, self.seed)
            advance()
        for area in places.AREAS:
            self.personal.write_year(area, year)
        rng = Random(f"{self.seed}:retirees:{year}")  # noqa: S311
        for month in self.horizon.numbers_of(year):
            for retiree in self.retirees:
                if retiree.covers(month):
                    retiree.live_month(self.benefits, self.movements, rng, month)
        for cells, benefit in self._benefits_of.pop(year, ()):
            self.benefits.pay(cells, benefit)
        for ending in self._endings_of.pop(year, ()):
            self._end(ending)
        self.benefits.forget()
        self.movements.forget()
        self.folder.close(year)

    def _end(self, ending):
        """Empty an account; what moves to another area of ours arrives there a month later."""
        amount, pooled = self.movements.end(ending)
        if ending.into and amount:
            arrived = ending.number + 1
            money = (amount, pooled, ending.area.name, ending.application)
            self._write_opening(ending.cells.split(","), Opening(ending.into, ending.scheme, arrived, "转入", *money))

    # Places, offices and who works there

    def _write_places(self):
        tables = {
            "areas": places.area_rows(),
            "agencies": places.agency_rows(),
            "employers": (
                e.row(family, self.horizon)
                for e in self.employers
                for family in (places.SOCIAL, places.MEDICAL, places.TAX)
            ),
            "staff": special.staff_rows(),
            "agents": special.agent_rows(self.employers),
            "halls": places.hall_rows(),
            "providers": places.provider_rows(),
            "source_states": places.source_state_rows(self.horizon),
        }
        for kind, rows in tables.items():
            for row in rows:
                self.folder.sheet(kind).add(*row)
