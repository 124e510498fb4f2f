"""Benefits counted in months: unemployment, disability and survivors' grants. Pure; the law comes as rows.

Rows have half-open periods [since, until), the nearest area first. Where no row answers, CannotTell.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from accounts.refusals import CannotTell
from contributions.rates import round_money

MONTHS_A_YEAR = 12


@dataclass(frozen=True)
class UnemploymentStep:
    """From `paid_months` on, benefit `months` at most, with unused ones `combined_months` (Insurance Law, art. 46)."""

    since: date
    until: date | None
    paid_months: int
    months: int
    combined_months: int


@dataclass(frozen=True)
class InjuryStep:
    """What a grade (1 to 10) brings: months of the own wage, and a part of it monthly (Order 375, art. 35-37)."""

    since: date
    until: date | None
    grade: int
    months: int
    monthly_rate: Decimal | None


@dataclass(frozen=True)
class SurvivorStep:
    """From `paid_months` on, `months` of income, more for each further year (人社部发〔2021〕18号)."""

    since: date
    until: date | None
    paid_months: int
    months: int
    months_per_year: int
    most_months: int


class InjuryAmounts(NamedTuple):
    """What a disability brings, in yuan: once, and each month (None where nothing is paid monthly)."""

    once: Decimal
    monthly: Decimal | None


def _step(rows, paid_months, month):
    """The row with the highest threshold reached; None below the first. Nearest area first decides a tie."""
    here = [row for row in rows if row.since <= month and (row.until is None or month < row.until)]
    reached = [row for row in here if row.paid_months <= paid_months]
    return bool(here), max(reached, key=lambda row: row.paid_months, default=None)


def unemployment_months(paid_months, month, rows, unused_months=0):
    """For how many months benefit may be paid: 12, 18 or 24 at most by the months paid since the last spell.

    A new spell adds what was not used of the one before, up to the combined limit (Insurance Law, art. 46). Less than
    a year paid brings nothing new; the unused months remain. rows: UnemploymentStep.
    """
    is_known, step = _step(rows, paid_months, month)
    if not is_known:
        raise CannotTell("unemployment_months", month=f"{month:%Y-%m}")
    if step is None:
        return unused_months
    return min(step.combined_months, step.months + unused_months)


def injury_amounts(grade, wage, month, rows):
    """The InjuryAmounts of a grade on the own monthly wage (yuan). rows: InjuryStep."""
    here = (row for row in rows if row.since <= month and (row.until is None or month < row.until))
    step = next((row for row in here if row.grade == grade), None)
    if step is None:
        raise CannotTell("grade", grade=grade, month=f"{month:%Y-%m}")
    monthly = None if step.monthly_rate is None else round_money(wage * step.monthly_rate)
    return InjuryAmounts(round_money(wage * step.months), monthly)


def survivor_months(paid_months, month, rows):
    """The months of income that survivors of an active member get. rows: SurvivorStep."""
    is_known, step = _step(rows, paid_months, month)
    if not is_known or step is None:
        raise CannotTell("survivor_grant", month=f"{month:%Y-%m}")
    further_years = (paid_months - step.paid_months) // MONTHS_A_YEAR
    return min(step.most_months, step.months + step.months_per_year * further_years)
