from django.db import migrations, models
from django.db.models import F, Q

from contributions.rule_guards import guard_local_rules

# The tables of rules before 0006, whose constraint didn't let a draft be withdrawn.
OLDER_TABLES = [
    "AccountQuota",
    "BaseBound",
    "CalculationBase",
    "ContributionRule",
    "CreditingRate",
    "InterestMethod",
    "LateFeeRate",
    "ResidentTier",
]
NEWER_TABLES = [
    "AccrualRate",
    "AverageWage",
    "FlexibleRetirement",
    "FuneralGrant",
    "InjuryGrant",
    "MinimumMonths",
    "PayoutDivisor",
    "RetirementSchedule",
    "SurvivorGrant",
    "TransferRule",
    "UnemploymentMonths",
]


def second_person(model):
    """A draft may be withdrawn before anybody approved it."""
    return models.CheckConstraint(
        condition=Q(origin="national")
        | (Q(approved_by__isnull=True) & ~Q(state="in_force"))
        | (Q(approved_by__isnull=False) & ~Q(approved_by=F("proposed_by"))),
        name=f"{model.lower()}_second_person",
        violation_error_message="A local rule comes into force when a second person approves it.",
    )


class Migration(migrations.Migration):
    dependencies = [("contributions", "0006_retirement_rules"), ("inquiries", "0001_first")]

    operations = [
        *(migrations.RemoveConstraint(name, f"{name.lower()}_second_person") for name in OLDER_TABLES),
        *(migrations.AddConstraint(name, second_person(name)) for name in OLDER_TABLES),
        guard_local_rules(*(f"contributions_{name.lower()}" for name in OLDER_TABLES + NEWER_TABLES)),
    ]
