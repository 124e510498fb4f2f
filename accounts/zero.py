"""Why a balance is zero or absent: one cause code per person and insurance (ux.md §3.1)."""

from registry.insurance import Category, Insurance, Scheme
from registry.months import add_months, month_of

WITHOUT_ACCOUNT_TODAY = {Insurance.UNEMPLOYMENT, Insurance.WORK_INJURY, Insurance.MATERNITY}
LATE_AFTER_MONTHS = 2


def cause_of(insurance, enrolments, source, has_arrears, has_account, today):
    """The cause code where the person has no money to be shown for this insurance.

    `enrolments`: her enrolments in it. `source`: the SourceState that would have told, or None. `has_arrears`: whether
    a declared month is past its due date unpaid. `has_account`: whether there is an account, which then is empty.
    `today`: a date. Answers "Z1" … "Z5", "Z7" or "Z9".
    """
    if has_account:
        return "Z7"
    if not enrolments:
        return "Z3" if _is_complete(source, today) else "Z9"
    if insurance in WITHOUT_ACCOUNT_TODAY:
        return "Z1"
    if all(e.category == Category.FLEXIBLE_POOL_ONLY or e.scheme == Scheme.MEDICAL_RESIDENT for e in enrolments):
        return "Z2"
    if has_arrears:
        return "Z5"
    return "Z4" if _is_complete(source, today) else "Z9"


def _is_complete(source, today):
    """Whether the source speaks for the present: not refused, and not further behind than agencies usually are."""
    return (
        source is not None
        and source.refused_at is None
        and source.complete_to >= add_months(month_of(today), -LATE_AFTER_MONTHS)
    )
