"""Which entries belong into which batches."""

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
INTEREST = ("interest_opening", "interest_current", "interest_payout_adj")
KINDS_OF_BATCH = FROM_LINES | {"interest": (*INTEREST, "reversal"), "reversal": ("reversal",)}
# What a correction posts instead may be of any kind but these.
NEVER_RIGHT = ("reversal", *INTEREST, "closing")
