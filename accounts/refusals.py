"""The open refusal: a rule or a datum is missing, or a question lies outside the rules. Pure.

A figure is never guessed. Pages translate `sentence` and fill in `values`; `code` is what tests and pages compare.
"""

from dataclasses import dataclass, field


def gettext_noop(sentence):
    """Mark a sentence for the translators; pages translate it, so that Django stays out."""
    return sentence


SENTENCES = {
    "category": gettext_noop("Which retirement age applies depends on the work done: choose it."),
    "not_enrolled": gettext_noop("No registration for old-age insurance is on record."),
    "resident_scheme": gettext_noop("The pension of the resident scheme follows provincial rules that are not here."),
    "already_paid": gettext_noop("A pension is paid already, or the record is closed: nothing is estimated."),
    "schedule": gettext_noop("No retirement schedule is known for this category."),
    "minimum_months": gettext_noop("No minimum of contribution months is known for %(month)s."),
    "outside_window": gettext_noop("Retirement in %(month)s is not possible: from %(earliest)s to %(latest)s."),
    "no_window": gettext_noop("Retirement is not flexible here: it is in %(month)s."),
    "divisor": gettext_noop("No divisor is known for the age of %(years)s years and %(months)s months."),
    "divisor_by_hand": gettext_noop(
        "The divisor for %(years)s years and %(months)s months is not published: the agency decides it."
    ),
    "accrual_rate": gettext_noop("No rate is known by which a year of contributions counts in %(month)s."),
    "calculation_base": gettext_noop("The calculation base of %(month)s is not published."),
    "no_months": gettext_noop("No contribution months are on record."),
    "average_wage": gettext_noop("No average wage of %(years)s is known for %(area)s."),
    "no_base": gettext_noop("The contribution base of %(count)s months is not on record."),
    "crediting_rate": gettext_noop("No interest rate is known for %(month)s."),
    "contribution_rule": gettext_noop("No contribution rule is known for %(month)s."),
    "local_rate": gettext_noop("The rate of %(month)s is not published here: the collector tells the amounts."),
    "late_fee_rate": gettext_noop("No late-fee rate is known for the days after %(day)s."),
    "average_index": gettext_noop("The average contribution index is not known."),
    "balance": gettext_noop("The balance of the personal account is not known."),
    "too_few_months": gettext_noop(
        "%(months)s contribution months are fewer than the %(minimum)s needed: no monthly pension is paid yet."
    ),
    "transitional": gettext_noop("The transitional part for deemed years is provincial and is missing here."),
    "transfer_rule": gettext_noop("No rule is known for what moves along of %(month)s."),
    "unemployment_months": gettext_noop("No rule is known for unemployment benefit in %(month)s."),
    "grade": gettext_noop("No grant is known for grade %(grade)s in %(month)s."),
    "survivor_grant": gettext_noop("No rule is known for survivors' grants in %(month)s."),
}


@dataclass(frozen=True)
class Reason:
    """Why something is not told: a code of SENTENCES and the values of its sentence."""

    code: str
    values: dict = field(default_factory=dict)

    @property
    def sentence(self):
        """In English, with places for the values."""
        return SENTENCES[self.code]

    def __str__(self):
        return self.sentence % self.values


class CannotTell(ValueError):
    """A figure that can't be told; `reason` says why."""

    def __init__(self, code, **values):
        self.reason = Reason(code, values)
        super().__init__(str(self.reason))


def in_force(rows, month):
    """The first of the rows (nearest area first) whose half-open period [since, until) holds the month, or None."""
    return next((row for row in rows if row.since <= month and (row.until is None or month < row.until)), None)
