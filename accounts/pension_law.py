"""The law of retirement as it reaches an area, read from the dated tables into the rows of the pure modules."""

from contributions.models import (
    AccrualRate,
    AverageWage,
    CalculationBase,
    FlexibleRetirement,
    InjuryGrant,
    MinimumMonths,
    PayoutDivisor,
    RetirementSchedule,
    SurvivorGrant,
    TransferRule,
    UnemploymentMonths,
)

from .benefit_months import InjuryStep, SurvivorStep, UnemploymentStep
from .forecast import DatedFigure, PensionLaw
from .refusals import CannotTell
from .retirement import Divisor, DivisorPolicy, Minimum, Schedule, Window
from .transfer_amounts import TransferRow


def schedule_for(area_code, category, month):
    """The Schedule of a retirement category as the law stands in `month`; CannotTell where there is none."""
    row = RetirementSchedule.objects.reaching(area_code, month).filter(category=category).first()
    if row is None:
        raise CannotTell("schedule")
    return Schedule(row.category, row.anchor_month, row.original_months, row.step, row.longest_delay)


def pension_law(area_code, policy=DivisorPolicy.LINEAR_1DP):
    """The PensionLaw that reaches an area (GB/T 2260 code), of all times. Five queries."""
    return PensionLaw(
        windows=_rows(FlexibleRetirement, area_code, Window, "earlier_months", "later_months"),
        minimums=_rows(MinimumMonths, area_code, Minimum, "months"),
        divisors=_rows(PayoutDivisor, area_code, Divisor, "age", "months"),
        accrual_rates=_rows(AccrualRate, area_code, DatedFigure, "rate"),
        calculation_bases=_rows(CalculationBase, area_code, DatedFigure, "amount"),
        policy=policy,
    )


def average_wages(area_code):
    """The average wages (DatedFigure, yuan a month) that reach an area; each period is its year."""
    return _rows(AverageWage, area_code, DatedFigure, "amount")


def transfer_rows(area_code):
    """The TransferRows that reach an area."""
    return _rows(TransferRule, area_code, TransferRow, "rate", "own_part_only")


def unemployment_steps(area_code):
    """The UnemploymentSteps that reach an area."""
    return _rows(UnemploymentMonths, area_code, UnemploymentStep, "paid_months", "months", "combined_months")


def injury_steps(area_code):
    """The InjurySteps that reach an area."""
    return _rows(InjuryGrant, area_code, InjuryStep, "grade", "months", "monthly_rate")


def survivor_steps(area_code):
    """The SurvivorSteps that reach an area."""
    columns = ("paid_months", "months", "months_per_year", "most_months")
    return _rows(SurvivorGrant, area_code, SurvivorStep, *columns)


def _rows(model, area_code, kind, *columns):
    """Rows of `kind`, made of the period's ends and the columns, nearest area first."""
    found = model.objects.reaching_area(area_code).values_list("period", *columns)
    return tuple(kind(period.lower, period.upper, *values) for period, *values in found)
