"""What was owed and what was paid, and the dated rules of both."""

from .interest_rates import CreditingRate, InterestMethod, LateFeeRate
from .records import Assessment, Contribution
from .rules import AccountQuota, BaseBound, CalculationBase, ContributionRule, ResidentTier

__all__ = [
    "AccountQuota",
    "Assessment",
    "BaseBound",
    "CalculationBase",
    "Contribution",
    "ContributionRule",
    "CreditingRate",
    "InterestMethod",
    "LateFeeRate",
    "ResidentTier",
]
