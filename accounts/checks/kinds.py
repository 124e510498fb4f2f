"""Which entries belong into which batches."""

KINDS_OF_BATCH = {
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
# Adjustments by hand come from lines of files, and from corrections, whose batches have no lines.
ALSO_WITHOUT_LINES = ("manual",)
# Entries of these kinds come from lines of files alone; the other kinds have batches of their own.
KINDS_FROM_LINES = tuple(
    sorted({kind for kinds in KINDS_OF_BATCH.values() for kind in kinds} - set(ALSO_WITHOUT_LINES))
)
