"""Which entries belong into which batches."""

from accounts.models import corrections


def _values(kinds):
    """The words of kinds as they stand in SQL."""
    return tuple(kind.value for kind in kinds)


# The batches whose entries come line by line from files.
FROM_LINES = {
    "contribution": ("contrib_ind", "contrib_emp"),
    "subsidy": ("subsidy",),
    "opening": ("opening",),
    "transfer_in": ("transfer_in",),
    "benefit": ("pension_payout", "medical_spend", "benefit_payout", "refund"),
    "movement": (
        *("pool_allocation", "refund", "offset_overpayment", "transfer_out", "manual"),
        *("medical_spend", "family_aid"),
    ),
    "closing": ("inheritance", "refund", "closing"),
}
KINDS_OF_BATCH = FROM_LINES | {"interest": _values(corrections.NEVER_UNDONE), "reversal": ("reversal",)}
# What a correction posts instead may be of any kind but these.
NEVER_RIGHT = _values(corrections.NEVER_RIGHT)
