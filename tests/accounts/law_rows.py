"""The law as rules.toml has it, as rows of the pure modules: no database, so that tables of examples stay quick."""

from functools import cache

from accounts.benefit_months import InjuryStep, SurvivorStep, UnemploymentStep
from accounts.forecast import DatedFigure, PensionLaw
from accounts.retirement import Divisor, Minimum, Schedule, Window
from accounts.transfer_amounts import TransferRow
from contributions import models, rules


@cache
def file_rows():
    return rules.read()


def rows(model, kind, *columns):
    return tuple(
        kind(row.period.lower, row.period.upper, *(getattr(row, column) for column in columns))
        for row in file_rows()[model]
        if not row.area_code
    )


WINDOWS = rows(models.FlexibleRetirement, Window, "earlier_months", "later_months")
MINIMUMS = rows(models.MinimumMonths, Minimum, "months")
DIVISORS = rows(models.PayoutDivisor, Divisor, "age", "months")
ACCRUAL = rows(models.AccrualRate, DatedFigure, "rate")
TRANSFERS = rows(models.TransferRule, TransferRow, "rate", "own_part_only")
UNEMPLOYMENT = rows(models.UnemploymentMonths, UnemploymentStep, "paid_months", "months", "combined_months")
INJURIES = rows(models.InjuryGrant, InjuryStep, "grade", "months", "monthly_rate")
SURVIVORS = rows(models.SurvivorGrant, SurvivorStep, "paid_months", "months", "months_per_year", "most_months")
SCHEDULES = {
    row.category: Schedule(row.category, row.anchor_month, row.original_months, row.step, row.longest_delay)
    for row in file_rows()[models.RetirementSchedule]
}


def law(*calculation_bases, **changes):
    """The PensionLaw of the release with these calculation bases (DatedFigure)."""
    values = {"windows": WINDOWS, "minimums": MINIMUMS, "divisors": DIVISORS, "accrual_rates": ACCRUAL}
    return PensionLaw(**values | {"calculation_bases": calculation_bases} | changes)
