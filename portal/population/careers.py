"""Lives under social insurance: stretches of cover, and what the register says of them."""

from array import array
from dataclasses import dataclass, field
from datetime import timedelta
from typing import NamedTuple

from .law import DIGITS, EMPLOYEE, MEDICAL_SCHEMES, PENSION, PENSION_PUBLIC, RETIREE
from .places import MEDICAL as MEDICAL_FAMILY
from .places import SOCIAL, Area

RAISE = 0.065  # A year's rise of wages, back from the areas' wage of 2026.
WAGE_YEAR = 2026
HALF_YUAN = 50


def wages(area, horizon, law, first, last, level, noise=None):
    """Declared monthly wages in fen, one for each year of bases from month `first` to `last`, and the first year.

    `level`: as a multiple of the area's average wage. `noise`: a function giving a factor near 1, or None.
    """
    start = law.base_year(area, first)
    years = range(start, law.base_year(area, last) + 1)
    paid = (area.wage * level * (1 + RAISE) ** (year - WAGE_YEAR) * (noise() if noise else 1) for year in years)
    return start, array("i", (max(200_00, round(wage * 100 / HALF_YUAN) * HALF_YUAN) for wage in paid))


@dataclass(slots=True, eq=False)
class Cover:
    """A stretch of months in which somebody is insured in one way in one area; last None = goes on."""

    area: Area
    category: str
    schemes: tuple
    first: int
    last: int | None
    employer = None

    def covers(self, number):
        return self.first <= number and (self.last is None or number <= self.last)


@dataclass(slots=True, eq=False)
class Spell:
    """Work for an employer, insured in all of its schemes.

    `cells`: name, id type, id number as the feed's cells. `reported`: the month in which the employer reported the
    start; months before it are paid back then. `paid_until`: the last month that was paid, by mistake later than
    `last`. `medical`, `pension`: what reached the personal accounts so far, less what was spent, in fen.
    """

    cells: str
    employer: object
    first: int
    last: int | None
    started_on: object
    ended_on: object
    occupation: str
    wage_year: int
    wages: array
    reported: int
    start_reported_on: object
    end_reported_on: object = None
    paid_until: int | None = None
    saves: bool = False
    spends_all: bool = False
    medical: int = 0
    pension: int = 0
    quotes: dict | None = None
    category = EMPLOYEE

    @property
    def area(self):
        return self.employer.area

    @property
    def schemes(self):
        return self.employer.schemes

    def covers(self, number):
        return self.first <= number and (self.last is None or number <= self.last)

    def is_paid(self, number):
        """Whether the employer pays for that month."""
        until = self.paid_until if self.paid_until is not None else self.last
        return self.first <= number and (until is None or number <= until)

    def is_paid_since(self, number):
        """Whether the employer pays for that month or any later one."""
        until = self.paid_until if self.paid_until is not None else self.last
        return until is None or number <= until

    def wage(self, base_year):
        return self.wages[min(max(base_year - self.wage_year, 0), len(self.wages) - 1)]

    def quote(self, scheme, term):
        """What a month of this term costs; kept until the term changes or somebody sets `quotes` to None."""
        if self.quotes is None:
            self.quotes = {}
        quote = self.quotes.get(scheme)
        if quote is None or quote.term is not term:
            quote = self.quotes[scheme] = term.quote(self.wage(term.base_year))
        return quote

    def row(self):
        family_no = self.employer.unit_no(SOCIAL)
        dates = [str(self.started_on), str(self.ended_on or ""), self.occupation, "单位"]
        return [
            self.area.agency(SOCIAL).code,
            family_no,
            *dates,
            str(self.start_reported_on),
            str(self.end_reported_on or ""),
        ]


class Benefit(NamedTuple):
    """A payment to a person, in fen."""

    area: Area
    scheme: str
    kind: str
    number: int
    from_pool: int
    from_account: int = 0
    day: int = 15
    decision_no: str = ""
    status: str = "已支付"
    last_four: str = ""


class Opening(NamedTuple):
    """Money taken over (期初) or transferred in (转入) with its source, in fen; `slip`: the transfer's application."""

    area: Area
    scheme: str
    number: int
    kind: str
    amount: int
    pooled: int
    source: str
    slip: str = ""


class Transfer(NamedTuple):
    """Months paid elsewhere that came over: [(month, base in fen)], booked in month `number`."""

    area: Area
    scheme: str
    number: int
    source: str
    months: list


@dataclass(slots=True)
class Life:
    """Everything the feed says of one person.

    `steps`: of its transfers (movements.Step); `endings`: of its accounts (movements.Ending).
    Skills to disabilities are rows without the person's own three cells. `noted`: further events of the register,
    [(scheme, area code, kind, month, day recorded, cover)].
    """

    person: object
    covers: list = field(default_factory=list)
    cards: list = field(default_factory=list)
    openings: list = field(default_factory=list)
    transfers: list = field(default_factory=list)
    steps: list = field(default_factory=list)
    endings: list = field(default_factory=list)
    benefits: list = field(default_factory=list)
    skills: list = field(default_factory=list)
    unemployment: list = field(default_factory=list)
    injuries: list = field(default_factory=list)
    diseases: list = field(default_factory=list)
    disabilities: list = field(default_factory=list)
    noted: list = field(default_factory=list)
    retired: int | None = None

    @property
    def spells(self):
        return [cover for cover in self.covers if isinstance(cover, Spell)]


class Registration:
    """What an agency's register says of one person in one scheme of one area: status and events."""

    def __init__(self, life, scheme, covers, start, horizon):
        """`covers`: the stretches in this scheme and area, by first month; `start`: first month under any rule."""
        self.life, self.scheme, self.covers, self.horizon = life, scheme, covers, horizon
        self.area = covers[0].area
        self.first = max(covers[0].first, start)
        self.family = MEDICAL_FAMILY if scheme in MEDICAL_SCHEMES else SOCIAL
        self.latest = max(covers, key=lambda c: (c.last is None, c.last or 0, c.first))

    @property
    def agency(self):
        return self.area.agency(self.family).code

    def enrolment_row(self):
        status, since = self._status()
        person, employer = self.life.person, self.latest.employer
        return [
            f"{self.area.code[:2]}{person.serial:08d}",
            self.scheme,
            self.area.code,
            self.agency,
            self.latest.category,
            status,
            self.horizon.code(since),
            str(self.horizon.day(self.first, 1)),
            str(self._registered_on(self.covers[0])),
            employer.unit_no(self.family) if employer else "",
        ]

    def _status(self):
        died, retired = self.life.person.died, self.life.retired
        if died:
            return "终止", self.horizon.number(died)
        if self.latest.category == RETIREE:
            return "退休", self.latest.first
        if self.latest.last is None:
            # Active since the latest gap, not since the latest employer.
            since = self.latest.first
            for cover in sorted(self.covers, key=lambda c: -c.first):
                if cover.last is None or cover.last >= since - 1:
                    since = min(since, cover.first)
            return "正常参保", max(since, self.first)
        after = self.latest.last + 1
        return ("终止" if retired is not None and after >= retired else "暂停缴费"), after

    def _registered_on(self, cover):
        if isinstance(cover, Spell) and cover.first >= self.first:
            return cover.start_reported_on
        return self.horizon.day(max(cover.first, self.first), 10)

    def event_rows(self):
        """Events in order: kind, effective month, day of recording, source, unit number, other area, document."""
        for order, (kind, number, recorded, cover) in enumerate(self._events(), 1):
            employer = cover.employer
            source = "单位" if employer else ("经办机构" if cover.category == RETIREE else "窗口")
            event_no = f"BD{self.area.code}{self.life.person.serial:08d}{DIGITS[self.scheme]}{order:02d}"
            unit_no = employer.unit_no(self.family) if employer else ""
            place = self._transferred_from() if kind == "转入" else ""
            cells = [self.scheme, self.area.code, event_no, kind, self.horizon.code(number), str(recorded), source]
            yield [*cells, self.agency, unit_no, place, f"{event_no}P" if kind in ("转入", "退休") else ""]

    def _transferred_from(self):
        return next(t.source for t in self.life.transfers if t.scheme == self.scheme and t.area is self.area)

    def _events(self):
        previous = None
        for cover in self.covers:
            first = max(cover.first, self.first)
            recorded = self._registered_on(cover)
            if previous is None:
                yield "新参保", first, recorded, cover
            elif cover.category == RETIREE:
                yield "退休", first, self.horizon.day(first, 8), cover
                if self.scheme in (PENSION, PENSION_PUBLIC):
                    yield "待遇发放", first, self.horizon.day(first, 20), cover
            elif previous.last is not None and first > previous.last + 1:
                yield self._stopped(previous)
                yield "续保", first, recorded, cover
            else:
                yield "单位变更", first, recorded, cover
            previous = cover
        for transfer in self.life.transfers:
            if transfer.scheme == self.scheme and transfer.area is self.area:
                yield "转入", transfer.number, self.horizon.day(transfer.number, 18), previous
        yield from self._new_base(previous)
        for scheme, area, kind, number, recorded, cover in self.life.noted:
            if (scheme, area) == (self.scheme, self.area.code):
                yield kind, number, recorded, cover
        yield from self._ending(previous)

    def _new_base(self, cover):
        """The year's new contribution base, for those who still work."""
        if isinstance(cover, Spell) and cover.last is None:
            number = self.horizon.last - (self.horizon.month(self.horizon.last).month - self.area.base_month) % 12
            if number > max(cover.first, self.first):
                yield "基数变更", number, self.horizon.day(number, 20), cover

    def _stopped(self, cover):
        return "暂停缴费", cover.last + 1, self._left_on(cover), cover

    def _left_on(self, cover):
        if isinstance(cover, Spell) and cover.end_reported_on:
            return cover.end_reported_on
        return self.horizon.day(cover.last + 1, 5)

    def _ending(self, cover):
        died, retired = self.life.person.died, self.life.retired
        if died:
            yield "死亡", self.horizon.number(died), died + timedelta(days=12), cover
        elif cover.last is not None:
            ended = retired is not None and cover.last + 1 >= retired
            kind, number, recorded, _cover = self._stopped(cover)
            yield ("终止" if ended else kind), number, recorded, cover


def registrations(life, law, horizon):
    """The Registration of each scheme and area in which the person was ever insured under a known rule."""
    found = {}
    for cover in sorted(life.covers, key=lambda c: c.first):
        for scheme in cover.schemes:
            # Retirees once were employees: the scheme began for them when it began for employees.
            start = law.start(cover.area.code, scheme, EMPLOYEE if cover.category == RETIREE else cover.category)
            if start is not None and (cover.last is None or cover.last >= start):
                found.setdefault((scheme, cover.area.code), []).append((start, cover))
    for (scheme, _area), covers in found.items():
        start = min(start for start, _cover in covers)
        yield Registration(life, scheme, [cover for _start, cover in covers], start, horizon)


def opening(law, area, scheme, category, amount_fen):
    """An account's balance from before the records; None where there was no account or nothing in it."""
    if amount_fen <= 0 or not law.has_account(area.code, scheme, category, 0):
        return None
    month = law.horizon.first_month
    return Opening(area, scheme, 0, "期初", amount_fen, 0, f"{month.year}年{month.month}月前由原系统移交")
