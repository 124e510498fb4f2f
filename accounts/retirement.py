"""When somebody may retire, after how many months, and by what the account is divided: pure arithmetic of months.

The law comes as rows with half-open periods [since, until), the nearest area first (`accounts/pension_law.py` reads
them from the database). Months are dates of day 1; ages are counted in months. Where no row answers, CannotTell.
"""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from accounts.refusals import CannotTell, in_force
from registry.months import add_months, month_of, months_between

MONTHS_A_YEAR = 12
ONE_DECIMAL = Decimal("0.1")


@dataclass(frozen=True)
class Schedule:
    """How the retirement age of one category rises (decision of 2024-09-13, measures art. 1); ages in months."""

    category: str
    anchor_month: date
    original_months: int
    step: int
    longest_delay: int


@dataclass(frozen=True)
class Window:
    """How far from a statutory month in [since, until) one may choose (人社部发〔2024〕94号)."""

    since: date
    until: date | None
    earlier_months: int
    later_months: int


@dataclass(frozen=True)
class Minimum:
    """The contribution months needed when the month that counts lies in [since, until) (the same measures, art. 2)."""

    since: date
    until: date | None
    months: int


@dataclass(frozen=True)
class Divisor:
    """The divisor (计发月数) of pensions that start in [since, until) at an age in whole years; None = at any age."""

    since: date
    until: date | None
    age: int | None
    months: int


class DivisorPolicy(StrEnum):
    """What to do at an age that the national table does not name: between two birthdays.

    LINEAR_1DP      interpolate, one decimal, half up: what cities answer (domain.md §5.3).
    REQUIRE_MANUAL  refuse: the agency must say it.
    """

    LINEAR_1DP = "LINEAR_1DP"
    REQUIRE_MANUAL = "REQUIRE_MANUAL"


@dataclass(frozen=True)
class RetirementDates:
    """The months in which somebody may retire; `earliest` and `latest` are None where nothing may be chosen."""

    birth_month: date
    category: str
    original: date
    delay: int
    statutory: date
    earliest: date | None
    latest: date | None

    def age_in(self, month):
        """The age in months in a month."""
        return months_between(self.birth_month, month)


def delay_months(birth_month, schedule):
    """By how many months the statutory month is later than the original one: one for each `step` begun, up to a cap.

    Decision of 2024-09-13, measures art. 1 (domain.md §5.1).
    """
    since_anchor = months_between(schedule.anchor_month, month_of(birth_month))
    return 0 if since_anchor < 0 else min(schedule.longest_delay, since_anchor // schedule.step + 1)


def retirement_dates(birth_date, schedule, windows=(), *, is_civil_servant=False):
    """The RetirementDates of somebody born in the month of `birth_date` under a Schedule.

    windows: Window rows; the one that holds the statutory month counts. Never earlier than the original age. Civil
    servants and leaders of state units may not go later (domain.md §5.2).
    """
    birth_month = month_of(birth_date)
    original = add_months(birth_month, schedule.original_months)
    delay = delay_months(birth_month, schedule)
    statutory = add_months(original, delay)
    window = in_force(windows, statutory)
    earliest = latest = None
    if window:
        earliest = max(original, add_months(statutory, -window.earlier_months))
        latest = statutory if is_civil_servant else add_months(statutory, window.later_months)
    return RetirementDates(birth_month, schedule.category, original, delay, statutory, earliest, latest)


def check_choice(dates, month):
    """Raise CannotTell unless one may retire in `month`."""
    if month == dates.statutory:
        return
    if dates.earliest is None:
        raise CannotTell("no_window", month=f"{dates.statutory:%Y-%m}")
    if not dates.earliest <= month <= dates.latest:
        raise CannotTell(
            "outside_window",
            month=f"{month:%Y-%m}",
            earliest=f"{dates.earliest:%Y-%m}",
            latest=f"{dates.latest:%Y-%m}",
        )


def minimum_months(dates, month, minimums):
    """The contribution months needed to retire in `month`: an earlier choice counts itself, a later one the statutory.

    Measures of 2024-09-13, art. 2 (domain.md §5.2). minimums: Minimum rows.
    """
    counts = min(month, dates.statutory)
    row = in_force(minimums, counts)
    if row is None:
        raise CannotTell("minimum_months", month=f"{counts:%Y-%m}")
    return row.months


def divisor(age_months, month, divisors, policy=DivisorPolicy.LINEAR_1DP):
    """The divisor (months, a Decimal) of a pension that starts in `month` at an age in months.

    国发〔2005〕38号, annex; before 2006 one for all (国发〔1997〕26号). divisors: Divisor rows. Between two birthdays
    the policy decides: T[y] − (T[y] − T[y+1]) · m/12, one decimal, half up; or a refusal.
    """
    years, months = divmod(age_months, MONTHS_A_YEAR)
    here = _divisor_at(years, month, divisors)
    if here is not None and here.age is None:
        return Decimal(here.months)
    following = _divisor_at(years + 1, month, divisors)
    if here is None or (months and following is None):
        raise CannotTell("divisor", years=years, months=months)
    if months == 0:
        return Decimal(here.months)
    if DivisorPolicy(policy) is DivisorPolicy.REQUIRE_MANUAL:
        raise CannotTell("divisor_by_hand", years=years, months=months)
    exact = here.months - Decimal(here.months - following.months) * months / MONTHS_A_YEAR
    return exact.quantize(ONE_DECIMAL, ROUND_HALF_UP)


def _divisor_at(age, month, divisors):
    return in_force([row for row in divisors if row.age in {age, None}], month)
