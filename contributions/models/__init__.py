"""What was owed and what was paid, and the dated rules of both."""

from .interest_rates import CreditingRate, InterestMethod, LateFeeRate
from .records import Assessment, Contribution
from .retirement import (
    AccrualRate,
    AverageWage,
    FlexibleRetirement,
    FuneralGrant,
    InjuryGrant,
    MinimumMonths,
    PayoutDivisor,
    RetirementSchedule,
    SurvivorGrant,
    TransferRule,
    UnemploymentMonths,
)
from .rule_deeds import RuleDeed
from .rules import AccountQuota, BaseBound, CalculationBase, ContributionRule, ResidentTier

__all__ = [
    "AccountQuota",
    "AccrualRate",
    "Assessment",
    "AverageWage",
    "BaseBound",
    "CalculationBase",
    "Contribution",
    "ContributionRule",
    "CreditingRate",
    "FlexibleRetirement",
    "FuneralGrant",
    "InjuryGrant",
    "InterestMethod",
    "LateFeeRate",
    "MinimumMonths",
    "PayoutDivisor",
    "ResidentTier",
    "RetirementSchedule",
    "RuleDeed",
    "SurvivorGrant",
    "TransferRule",
    "UnemploymentMonths",
]
