"""What became of one month of one insurance: derived from the records each time it is asked, never stored. Pure.

The eight states, their symbols and their words are those of every page, paper and file (ux.md §3.2).
"""

from enum import StrEnum

NORMAL, BACKPAY, SUPPLEMENT, REFUND = "normal", "backpay", "supplement", "refund"
TRANSFERRED_IN, SUBSIDY = "transferred_in", "subsidy"


def gettext_noop(word):
    """Mark a word for the translators; pages translate it (`{% translate state.word %}`), so that Django stays out."""
    return word


class Mark(StrEnum):
    """What a month is marked with: its `symbol` and `word` always stand together, so that colour is never alone."""

    def __new__(cls, value, symbol, word):
        mark = str.__new__(cls, value)
        mark._value_, mark.symbol, mark.word = value, symbol, word
        return mark


class MonthState(Mark):
    """State of a month, told by the records."""

    RECEIVED = "received", "✓", gettext_noop("Received")
    PROCESSING = "processing", "…", gettext_noop("Processing")
    ARREARS = "arrears", "欠", gettext_noop("In arrears")
    BACKPAID = "backpaid", "补", gettext_noop("Back-paid")
    REFUNDED = "refunded", "退", gettext_noop("Refunded")
    TRANSFERRED_IN = "transferred_in", "转", gettext_noop("Transferred in")
    NOT_INSURED = "not_insured", "–", gettext_noop("Not insured")
    UNDER_VERIFICATION = "under_verification", "!", gettext_noop("Under verification")


class Untold(Mark):
    """What stands in the place of a month's state where no record of a payment tells one.

    AWAITED    the source does not reach that far, so nothing can be said.
    EARLIER    insured, but before the first record here: the details of that time were not taken over.
    NO_RECORD  the register says insured, the source is complete, and nothing was declared or received.
    NOT_DUE    nothing was to be paid: retired by then, no rate in force, or a scheme paid by the year has its payment.
    """

    AWAITED = "awaited", "·", gettext_noop("not here yet")
    EARLIER = "earlier", "/", gettext_noop("no details from then")
    NO_RECORD = "no_record", "?", gettext_noop("no payment recorded")
    NOT_DUE = "not_due", "○", gettext_noop("nothing due")


def month_state(due_on, kinds, today, *, is_returned=False, is_flagged=False):
    """State of one person's month of one insurance; of one payer, where the caller asks about one payer.

    due_on: last day for paying what was assessed (the earliest, where several assessments are open); None where
    nothing was. kinds: kinds of the contributions received (values of Contribution.Kind). today: a date; a due
    date has passed on the day after it. is_returned: refunds took back all that had been received. is_flagged: the
    record stands under verification.
    """
    if is_flagged:
        return MonthState.UNDER_VERIFICATION
    kinds = frozenset(kinds)
    if not kinds:
        return _nothing_received(due_on, today)
    if REFUND in kinds and (is_returned or kinds == {REFUND}):
        return MonthState.REFUNDED
    if kinds <= {TRANSFERRED_IN, REFUND}:
        return MonthState.TRANSFERRED_IN
    return MonthState.BACKPAID if BACKPAY in kinds else MonthState.RECEIVED


def _nothing_received(due_on, today):
    if due_on is None:
        return MonthState.NOT_INSURED
    return MonthState.ARREARS if due_on < today else MonthState.PROCESSING
