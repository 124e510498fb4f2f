"""A whole life of payments: all insurances and areas on one line of time, and what on it is worth a question.

Nothing here accuses anybody: a gap or an overlap is what the records look like, with the month they reach to.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache, partial
from typing import NamedTuple

from registry.answering import speaking
from registry.asking import Question, ask
from registry.insurance import INSURANCE_OF, Insurance, Scheme
from registry.months import add_months, each_month, month, month_of, months_between

from .arrears import LateFeeEstimate, late_fee_estimates
from .free_months import rate_rows
from .month_state import BACKPAY, MonthState, Untold
from .payer_months import asked_payer_months, first_details
from .payment_calendar import Calendar, Judge, calendar, is_yearly
from .reach import Reach
from .standings import asked_standings, standings

EMPLOYERS = Question("SELECT id, name FROM registry_employer WHERE id = ANY (%(employers)s::bigint[])")
AREAS = Question("SELECT code, name FROM registry_area WHERE code = ANY (%(areas)s::text[])")


@dataclass(frozen=True)
class Run:
    """Months without a break, half-open [since, until), that have `what` in common."""

    what: object
    since: date
    until: date

    @property
    def last(self):
        return add_months(self.until, -1)

    @property
    def months(self):
        return months_between(self.since, self.until)

    @property
    def years(self):
        """How many calendar years it touches."""
        return self.last.year - self.since.year + 1


def runs(marked):
    """The Runs of {month: what}; a month that is missing or None ends a run."""
    found = []
    for covered in sorted(covered for covered, what in marked.items() if what is not None):
        last = found[-1] if found else None
        if last and last.until == covered and last.what == marked[covered]:
            found[-1] = Run(last.what, last.since, add_months(covered, 1))
        else:
            found.append(Run(marked[covered], covered, add_months(covered, 1)))
    return found


def _plain(months):
    """The Runs of some months, whatever they are."""
    return runs(dict.fromkeys(months, True))


@dataclass(frozen=True)
class Lane:
    """One insurance in one place: Runs of MonthStates, and of what is untold of months insured."""

    insurance: Insurance
    place: str
    runs: list

    @property
    def since(self):
        return self.runs[0].since

    @property
    def last(self):
        return self.runs[-1].last

    @property
    def months(self):
        return sum(run.months for run in self.runs)


class Payer(NamedTuple):
    """Who paid, and where: "" for the person herself; of a transferred month both are the place where it was paid."""

    name: str
    place: str


@dataclass(frozen=True)
class Occurrence:
    """Something about the same months in one or more insurances: `who`, a tuple of Payers.

    `years`: how many years were paid for, where a scheme takes one payment a year; 0 where months are counted.
    """

    since: date
    until: date
    who: tuple
    insurances: tuple
    received_on: date | None = None
    late_fee: Decimal = Decimal("0.00")
    years: int = 0

    @property
    def last(self):
        return add_months(self.until, -1)

    @property
    def months(self):
        return months_between(self.since, self.until)


@dataclass(frozen=True)
class Arrear:
    """A declared month that was not received: what it would cost to pay it today, beside itself."""

    insurance: Insurance
    employer: str
    estimate: LateFeeEstimate

    @property
    def steps(self):
        """[(days late, daily rate in percent)] of the estimate's arithmetic; empty where no rate is known."""
        return [(term.days, f"{(term.daily_rate * 100).normalize():f} %") for term in self.estimate.terms]


@dataclass(frozen=True)
class Counts:
    """The months of one insurance as Runs: which count, which have no details, are in arrears, look missing."""

    calendar: Calendar
    counted: list
    earlier: list
    arrears: list
    missing: list


@dataclass
class Lifetime:
    """`calendars`: one for each insurance of which the register or the records know anything, in their usual order.

    `names`: {employer's id: name}; `places`: {area code: name}.
    """

    calendars: list
    today: date
    names: dict = field(default_factory=dict)
    places: dict = field(default_factory=dict)
    arrears: list = field(default_factory=list)

    def of(self, insurance):
        """The Calendar of an insurance, or None where nothing is known of it."""
        return next((each for each in self.calendars if each.insurance == insurance), None)

    @property
    def unknown(self):
        """The insurances of which neither the register nor the records know anything."""
        return [insurance for insurance in Insurance if self.of(insurance) is None]

    @property
    def since(self):
        """The first month on the line of time."""
        return min((min(each.marks) for each in self.calendars), default=None)

    @property
    def until(self):
        return max((add_months(max(each.marks), 1) for each in self.calendars), default=None)

    @property
    def unpaid(self):
        """All that is in arrears, in yuan."""
        return sum((each.estimate.unpaid for each in self.arrears), Decimal("0.00"))

    @property
    def late_fee(self):
        """What paying all of it today would cost beside itself, in yuan; None where a rate is not known."""
        fees = [each.estimate.fee for each in self.arrears]
        return None if None in fees else sum(fees, Decimal("0.00"))

    @property
    def lanes(self):
        return [lane for each in self.calendars for lane in self._lanes(each)]

    @property
    def counts(self):
        """The Counts of each calendar."""
        of_each = ((each, each.counted, each.earlier, each.arrears, each.missing) for each in self.calendars)
        return [Counts(each, *map(_plain, months)) for each, *months in of_each]

    @property
    def gaps(self):
        """Occurrences of months not insured, once insured, in the areas known here; not those after retiring."""
        pension = self.of(Insurance.PENSION)
        retired = pension.retired_since if pension else None
        found = {}
        for each in self.calendars:
            for run in _plain(each.months(MonthState.NOT_INSURED)):
                if not (retired and run.since >= retired):
                    found.setdefault((run.since, run.until, ()), []).append(each.insurance)
        return _occurrences(found)

    @property
    def overlaps(self):
        """Occurrences of months for which more than one payer, or place, paid in the same insurance."""
        return self._occurrences(lambda payers: self._who(p for p in payers if p.counts), least=2)

    @property
    def transferred(self):
        """Occurrences of months that were paid elsewhere and came over."""
        return self._occurrences(lambda payers: self._who(p for p in payers if p.source_area))

    @property
    def paid_back(self):
        """Occurrences of months paid late: who paid, when the last of it arrived, with what late fee in all."""
        found = self._occurrences(lambda payers: self._who(p for p in payers if BACKPAY in p.kinds))
        return [self._with_fee(each) for each in found]

    @property
    def payers(self):
        """Occurrences of the months each payer paid, one insurance or several together, newest first."""
        months = {}
        for each in self.calendars:
            for covered, payers in each.payers.items():
                for payer in (p for p in payers if p.kinds):
                    insurances = months.setdefault((self.payer(payer), is_yearly(payer)), {})
                    for paid in self._paid_for(payer, covered):
                        insurances.setdefault(paid, set()).add(each.insurance)
        found = [
            Occurrence(run.since, run.until, (payer,), _together(of_month, run), years=run.years if by_year else 0)
            for (payer, by_year), of_month in months.items()
            for run in _plain(of_month)
        ]
        return sorted(found, key=lambda each: (each.since, each.until), reverse=True)

    def _paid_for(self, payer, covered):
        """The months that a payment for `covered` stands for: itself, or its whole year, as far as that has come."""
        if not is_yearly(payer):
            return [covered]
        until = min(month(covered.year + 1, 1), add_months(max(covered, month_of(self.today)), 1))
        return each_month(month(covered.year, 1), until)

    def payer(self, payer):
        """The Payer of a PayerMonth."""
        if payer.source_area:
            return Payer(payer.source_area, payer.source_area)
        place = self.places.get(payer.area_code, payer.area_code)
        return Payer(self.names.get(payer.employer_id, ""), place)

    def _who(self, payers):
        return tuple(sorted({self.payer(payer) for payer in payers}))

    def _lanes(self, each):
        """The lanes of one Calendar: what was paid stands in its place, what looks missing where it was insured."""
        of_place = {}
        for covered, payers in each.payers.items():
            here = [(self.payer(payer).place, payer) for payer in payers]
            for place in {place for place, _ in here}:
                of_place.setdefault(place, {})[covered] = each.judge.state([p for at, p in here if at == place])
        for covered in each.months(Untold.EARLIER, Untold.NO_RECORD):
            area = next(s.enrolment.area.name for s in each.judge.standings if s.insures(covered))
            of_place.setdefault(area, {})[covered] = each.marks[covered]
        lanes = [Lane(each.insurance, place, runs(marked)) for place, marked in of_place.items()]
        return sorted((lane for lane in lanes if lane.runs), key=lambda lane: lane.since)

    def _occurrences(self, who, least=1):
        """Occurrences of the runs in which `who(payers of a month)` stays the same and names at least so many."""
        found = {}
        for each in self.calendars:
            named = {covered: who(payers) for covered, payers in each.payers.items()}
            for run in runs({covered: names for covered, names in named.items() if len(names) >= least}):
                found.setdefault((run.since, run.until, run.what), []).append(each.insurance)
        return _occurrences(found)

    def _with_fee(self, each):
        late = [
            payer
            for insurance in each.insurances
            for covered, payers in self.of(insurance).payers.items()
            if each.since <= covered < each.until
            for payer in payers
            if BACKPAY in payer.kinds
        ]
        fee = sum((payer.late_fee for payer in late), Decimal("0.00"))
        return Occurrence(
            each.since, each.until, each.who, each.insurances, max(payer.received_on for payer in late), fee
        )


def _together(of_month, run):
    """The insurances of a run, in their usual order."""
    found = {i for covered, insurances in of_month.items() if run.since <= covered < run.until for i in insurances}
    return tuple(insurance for insurance in Insurance if insurance in found)


def _occurrences(found):
    """{(since, until, who): insurances} as Occurrences, oldest first."""
    return [Occurrence(*key, tuple(found[key])) for key in sorted(found, key=lambda key: key[:2])]


def lifetime(person, today):
    """The Lifetime of a person on a day. Nine queries at most, at any length, and one more for each area in arrears."""
    enrolments, events, rows = ask(*asked_standings(person, Scheme), asked_payer_months(person, Scheme))
    found = standings(enrolments, events)
    areas = {s.enrolment.area_id for s in found} | {row.area_code for row in rows}
    employers = {row.employer_id for row in rows if row.employer_id}
    states, names, places = ask(
        speaking(person, "contributions", areas=areas),
        EMPLOYERS.of(employers=list(employers)),
        AREAS.of(areas=list(areas)),
    )
    sources, rates = Reach(states), cache(partial(rate_rows, areas, Scheme))
    calendars = []
    for insurance in Insurance:
        mine = [s for s in found if s.enrolment.insurance == insurance]
        payers = [row for row in rows if INSURANCE_OF[row.scheme] == insurance]
        if mine or payers:
            judge = Judge(insurance, mine, sources, today, rates, partial(first_details, payers))
            calendars.append(calendar(judge, payers))
    life = Lifetime(calendars, today, dict(names), dict(places))
    life.arrears = _arrears(person, life, today)
    return life


def _arrears(person, life, today):
    """The Arrears of the months that the calendars call so: what a source has not told yet is no arrears."""
    return [
        Arrear(INSURANCE_OF[estimate.scheme], life.names.get(estimate.employer_id, ""), estimate)
        for estimate in late_fee_estimates(person, today)
        if life.of(INSURANCE_OF[estimate.scheme]).marks.get(estimate.period) == MonthState.ARREARS
    ]
