"""A year's contribution bases beside the published floor and ceiling (缴费基数上下限), month by month."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from psycopg.types.range import Range

from registry.asking import Question, ask
from registry.insurance import SCHEMES_OF
from registry.months import month

from .month_state import SUBSIDY, TRANSFERRED_IN

# The picture's own units: ten for each month across, a hundred from zero up to its top.
MONTH_WIDTH, HEIGHT, HEADROOM = 10, 100, Decimal("1.06")


class Bound(NamedTuple):
    """The published floor and ceiling (yuan) of a scheme in an area, for a range of months."""

    area: str
    scheme: str
    period: Range
    lower: Decimal
    upper: Decimal


# As DatedRuleQuerySet.reaching, for all areas where she is enrolled and those named besides.
BOUNDS = Question(
    """
SELECT asked.code, b.scheme, b.period, b.lower, b.upper
FROM (
    SELECT area_id FROM registry_enrolment
    WHERE person_id = ANY (%(persons)s::bigint[]) AND scheme = ANY (%(schemes)s::text[])
    UNION SELECT unnest(%(areas)s::text[])
) AS asked(code), area_chain(asked.code) AS chain, contributions_basebound b
WHERE b.state = 'in_force' AND b.area_code = ANY (chain) AND b.scheme = ANY (%(schemes)s::text[])
    AND b.period && daterange(%(start)s, %(until)s)
ORDER BY asked.code, array_position(chain, b.area_code), b.origin
""",
    Bound,
)


class Place(StrEnum):
    """Where a base lies; UNKNOWN: no bounds were published here for the month."""

    WITHIN = "within"
    BELOW = "below"
    ABOVE = "above"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class BaseStep:
    """One month: the base (yuan) of the payer with the largest, the wage it was made of, the bounds; None unknown."""

    month: date
    base: Decimal
    declared_wage: Decimal | None
    lower: Decimal | None
    upper: Decimal | None

    @property
    def place(self):
        if self.lower is None:
            return Place.UNKNOWN
        if self.base < self.lower:
            return Place.BELOW
        return Place.ABOVE if self.base > self.upper else Place.WITHIN


@dataclass(frozen=True)
class BaseSteps:
    """The steps of a year, January first; months without a base have none."""

    year: int
    steps: tuple

    def months(self, place):
        return [step.month for step in self.steps if step.place == place]

    @property
    def within(self):
        return self.months(Place.WITHIN)

    @property
    def below(self):
        return self.months(Place.BELOW)

    @property
    def above(self):
        return self.months(Place.ABOVE)

    @property
    def unknown(self):
        return self.months(Place.UNKNOWN)

    @property
    def bases(self):
        return self._ends("base")

    @property
    def lowers(self):
        return self._ends("lower")

    @property
    def uppers(self):
        return self._ends("upper")

    @property
    def base_path(self):
        return self._path("base")

    @property
    def lower_path(self):
        return self._path("lower")

    @property
    def upper_path(self):
        return self._path("upper")

    def _ends(self, name):
        """(least, most) of one figure over the year, in yuan; None where it is never known."""
        found = [getattr(step, name) for step in self.steps if getattr(step, name) is not None]
        return (min(found), max(found)) if found else None

    def _path(self, name):
        """The path (SVG `d`) of one figure over the year, level within each month."""
        top = HEADROOM * max(max(step.base, step.upper or 0) for step in self.steps)
        heights = {step.month.month: getattr(step, name) for step in self.steps}
        parts, last = [], None
        for number in range(1, 13):
            value = heights.get(number)
            if value is not None:
                left, height = (number - 1) * MONTH_WIDTH, round(HEIGHT - HEIGHT * value / top, 1)
                parts.append(f"{'M' if last is None else 'V'}{f'{left} {height}' if last is None else height}")
                parts.append(f"H{left + MONTH_WIDTH}")
            last = value
        return "".join(parts)


def asked_bounds(insurance, year, persons=(), areas=()):
    """The question after the Bounds of a year that reach the areas where these persons are enrolled, or `areas`."""
    return BOUNDS.of(
        persons=list(persons),
        areas=list(areas),
        schemes=[str(scheme) for scheme in SCHEMES_OF[insurance]],
        start=month(year, 1),
        until=month(year + 1, 1),
    )


def base_steps(records, bounds):
    """The BaseSteps of a YearOfRecords, or None where no month of it has a base.

    bounds: the answer to `asked_bounds` for its person. One query more where she was paid for in another area.
    Transferred months are left out: they were paid under the bounds of another area.
    """
    found = [(m.month, _largest(m)) for m in reversed(records.months)]
    found = [(covered, largest) for covered, largest in found if largest]
    if not found:
        return None
    if elsewhere := {base.area for _, base in found} - records.judge.areas:
        [further] = ask(asked_bounds(records.insurance, records.year, areas=elsewhere))
        bounds = bounds + further
    return BaseSteps(records.year, tuple(_step(covered, base, bounds) for covered, base in found))


@dataclass
class _Base:
    """What one payer's month comes to; of a month received the assessment gives the wage alone."""

    scheme: str
    area: str
    received: Decimal = Decimal(0)
    assessed: Decimal = Decimal(0)
    wage: Decimal | None = None

    @property
    def amount(self):
        return self.received or self.assessed


def _largest(month_of_records):
    payers = {}
    for line in month_of_records.lines:
        record = line.record
        if line.is_received and record.kind in (TRANSFERRED_IN, SUBSIDY):
            continue
        key = record.scheme, record.area_code, record.employer_id
        base = payers.setdefault(key, _Base(record.scheme, record.area_code))
        if line.is_received:
            base.received += record.base
        for assessment in line.assessed:
            base.assessed += assessment.base
            base.wage = assessment.declared_wage if base.wage is None else base.wage
    largest = max(payers.values(), key=lambda base: base.amount, default=None)
    return largest if largest and largest.amount > 0 else None


def _step(covered, base, bounds):
    of_base = (b for b in bounds if (b.area, b.scheme) == (base.area, base.scheme) and covered in b.period)
    row = next(of_base, None)
    return BaseStep(covered, base.amount, base.wage, row and row.lower, row and row.upper)
