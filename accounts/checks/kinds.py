"""Which entries belong into which batches."""

KINDS_OF_BATCH = {
    "contribution": ("contrib_ind", "contrib_emp"),
    "subsidy": ("subsidy",),
    "opening": ("opening",),
    "transfer_in": ("transfer_in",),
    "benefit": ("pension_payout", "medical_spend", "benefit_payout", "refund"),
}
# Entries of these kinds come from lines of files; the other kinds have batches of their own.
KINDS_FROM_LINES = tuple(kind for kinds in KINDS_OF_BATCH.values() for kind in kinds)
# The batches of corrections: what undoes, and what is right instead (entries of any kind but these).
KIND_THAT_UNDOES = "reversal"
NOT_RIGHT_ENTRIES = ("reversal", "interest_opening", "interest_current", "interest_payout_adj", "closing")
