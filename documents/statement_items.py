"""What the lines of a yearly statement are called: the same words on screen, on paper and under the picture."""

from django.utils.translation import gettext_lazy as _

from .year_picture import bars

WORDS = {
    "opening": _("Balance at the end of the year before"),
    "own": _("Employee contribution"),
    "employer": _("Transferred by the employer"),
    "subsidy": _("Government subsidy"),
    "pool_allocation": _("Allocated from the pooled fund"),
    "transferred_in": _("Transferred in"),
    "taken_over": _("Taken over at the beginning"),
    "corrected": _("Corrections"),
    "interest": _("Interest of the year"),
    "earlier_interest": _("Interest of earlier years put right"),
    "paid_out": _("Paid out"),
    "closing": _("Balance at the end of the year"),
}


def items(statement):
    """[(words, sign, Bar)] of a Statement, from the opening to the closing balance; what is zero and rare is left out.

    The sign says how the line enters the equation: "" for the opening, "=" for the closing, else "+" or "−".
    """
    signs = {"opening": "", "closing": "=", "paid_out": "−"}
    return [(WORDS[bar.name], signs.get(bar.name, "+"), bar) for bar in bars(statement)]
