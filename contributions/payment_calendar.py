"""The payment calendar: what became of each month of one insurance, of the whole life and of all areas."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, partial

from registry.answering import speaking
from registry.insurance import SCHEMES_OF, Insurance, Scheme
from registry.months import add_months, each_month, month, month_of

from .free_months import free_by, rate_rows, rows_for
from .month_state import MonthState, Untold, month_state
from .payer_months import COUNTS, asked_payer_months, details_from, first_details
from .reach import Reach
from .standings import asked_standings, standings

# Their payers choose a tier and pay it once for the whole year (国发〔2014〕8号; 医保发〔2019〕30号).
YEARLY = (Scheme.PENSION_RESIDENT, Scheme.MEDICAL_RESIDENT)


@dataclass(frozen=True)
class Judge:
    """What can be told of a month of one insurance, on the day `today`: from payers, register, sources and rules.

    `ask_rates`, `ask_details`: give the RateRows, and {area: first month with a record}; asked only where a month of
    somebody insured has no record.
    """

    insurance: Insurance
    standings: list
    reach: Reach
    today: date
    ask_rates: Callable
    ask_details: Callable

    @cached_property
    def rates(self):
        """[(Standing, the RateRows that may hold for it)]."""
        rows = self.ask_rates()
        return [(standing, rows_for(rows, standing.enrolment)) for standing in self.standings]

    @cached_property
    def details_from(self):
        return self.ask_details()

    @property
    def areas(self):
        return {standing.enrolment.area_id for standing in self.standings}

    @property
    def source(self):
        """The source furthest behind: its month is that of the figures. None where none ever delivered."""
        return self.reach.shown(self.insurance, self.areas)

    def mark(self, covered, payers, is_year_paid=False):
        """The MonthState or Untold of a month covered, None of a month to come.

        payers: the PayerMonths of the month. is_year_paid: a scheme that takes one payment a year has this year's.
        """
        told = self.state(payers)
        if told is not None:
            return told
        return None if covered > self.today else self._untold(covered, is_year_paid)

    def state(self, payers):
        """The state that the payers' records tell, of all of them together; None where there is none."""
        paid = {(p.scheme, p.employer_id) for p in payers if not COUNTS.isdisjoint(p.kinds)}
        unpaid = [p for p in payers if p.is_unpaid and (p.scheme, p.employer_id) not in paid]
        if unpaid:
            first = min(unpaid, key=lambda p: p.due_on)
            known_on = self.reach.known_on(self.insurance, first.area_code, self.today)
            return month_state(first.due_on, (), known_on)
        kinds = {kind for payer in payers for kind in payer.kinds}
        if not kinds:
            return None
        return month_state(None, kinds, self.today, is_returned=sum(p.paid for p in payers) <= 0)

    def _untold(self, covered, is_year_paid):
        insuring = [standing for standing in self.standings if standing.insures(covered)]
        if not insuring:
            if any(standing.has_retired(covered) for standing in self.standings):
                return Untold.NOT_DUE
            is_known = self.reach.is_complete(self.insurance, self.areas, covered)
            return MonthState.NOT_INSURED if is_known else Untold.AWAITED
        if all(free_by(rows, covered) for standing, rows in self.rates if standing.insures(covered)):
            return Untold.NOT_DUE
        last = covered
        if all(standing.enrolment.scheme in YEARLY for standing in insuring):
            if is_year_paid:
                return Untold.NOT_DUE
            last = month(covered.year, 12)
        areas = {standing.enrolment.area_id for standing in insuring}
        if any(covered < self.details_from.get(area, covered) for area in areas):
            return Untold.EARLIER
        return Untold.NO_RECORD if self.reach.is_complete(self.insurance, areas, last) else Untold.AWAITED


@dataclass
class Calendar:
    """The months of one insurance, oldest first, from the first one insured or paid to the present.

    `marks`: {month: MonthState, Untold or None}; `payers`: {month: its PayerMonths}.
    """

    judge: Judge
    marks: dict = field(default_factory=dict)
    payers: dict = field(default_factory=dict)

    @property
    def insurance(self):
        return self.judge.insurance

    @property
    def rows(self):
        """[(year, marks of its twelve months from January)], newest first; None where there is nothing to mark."""
        years = sorted({covered.year for covered in self.marks}, reverse=True)
        return [(year, [self.marks.get(month(year, number)) for number in range(1, 13)]) for year in years]

    def months(self, *marks):
        """The months with one of these marks, oldest first."""
        return [covered for covered, mark in self.marks.items() if mark in marks]

    @property
    def arrears(self):
        return self.months(MonthState.ARREARS)

    @property
    def missing(self):
        return self.months(Untold.NO_RECORD)

    @property
    def earlier(self):
        """The months insured from which no details were taken over; they may have been paid, and are not counted."""
        return self.months(Untold.EARLIER)

    @property
    def counted(self):
        """The months that count, each once: paid by anybody, or transferred in. A scheme paid by the year has none."""
        return [m for m, payers in self.payers.items() if any(p.counts and not is_yearly(p) for p in payers)]

    @property
    def years_paid(self):
        """The years paid for in a scheme that takes one payment a year, by the person or by a subsidy in her stead."""
        return sorted({m.year for m, payers in self.payers.items() if any(p.kinds and is_yearly(p) for p in payers)})

    @property
    def retired_since(self):
        """The month from which nothing is paid in any more, because the person receives benefits; None otherwise."""
        return min(filter(None, (standing.retired_since for standing in self.judge.standings)), default=None)

    @property
    def free(self):
        """(the first month, the rule's source) from which a rule takes nothing from who is insured, or None."""
        now = month_of(self.judge.today)
        rows = (free_by(rows, now) for standing, rows in self.judge.rates if standing.insures(now))
        return next(((row.since, row.source) for row in rows if row and not self.retired_since), None)


def is_yearly(payer):
    return payer.scheme in YEARLY


def asked_judge(person, insurance):
    """The three questions after what a Judge of one insurance has to know, for `ask`."""
    schemes = SCHEMES_OF[insurance]
    return *asked_standings(person, schemes), speaking(person, "contributions", schemes=schemes)


def judge_of(person, insurance, today, answers, rows=None):
    """The Judge of one insurance that the answers to `asked_judge` make; at most two queries more, when it is asked.

    rows: all PayerMonths of the insurance, where they are there already; they save one of these.
    """
    enrolments, events, states = answers
    schemes, found = SCHEMES_OF[insurance], standings(enrolments, events)
    rates = partial(rate_rows, {standing.enrolment.area_id for standing in found}, schemes)
    details = partial(details_from, person, schemes) if rows is None else partial(first_details, rows)
    return Judge(insurance, found, Reach(states), today, rates, details)


def asked_calendar(person, insurance):
    """The four questions that the Calendar of one insurance is made of, for `ask`."""
    return asked_payer_months(person, SCHEMES_OF[insurance]), *asked_judge(person, insurance)


def calendar_of(person, insurance, today, answers):
    """The Calendar that the answers to `asked_calendar` make; one query more of the rates, at any length."""
    rows, *others = answers
    return calendar(judge_of(person, insurance, today, others, rows), rows)


def calendar(judge, payers):
    """The Calendar that a judge makes of all PayerMonths of its insurance."""
    of_month = {}
    for payer in payers:
        of_month.setdefault(payer.period, []).append(payer)
    found = Calendar(judge, payers=of_month)
    years_paid = set(found.years_paid)
    for covered in _months(judge, of_month):
        mark = judge.mark(covered, of_month.get(covered, ()), covered.year in years_paid)
        found.marks[covered] = mark
    return _without_idle_years(found)


def _months(judge, of_month):
    """From the first month insured or paid to the present, or to the last month of this year that was paid ahead."""
    now = month_of(judge.today)
    firsts = [*of_month, *(standing.first_month for standing in judge.standings), now]
    lasts = [covered for covered in of_month if covered.year == now.year]
    return each_month(min(firsts), add_months(max([now, *lasts]), 1))


def _without_idle_years(found):
    """Years in which nothing was due any more are said in one sentence, and not in rows of empty signs."""
    of_year = {}
    for covered, mark in found.marks.items():
        of_year.setdefault(covered.year, set()).add(mark)
    years = sorted(of_year)
    while len(years) > 1 and of_year[years[-1]] <= {Untold.NOT_DUE, None}:
        years.pop()
    found.marks = {covered: mark for covered, mark in found.marks.items() if covered.year <= years[-1]}
    return found
