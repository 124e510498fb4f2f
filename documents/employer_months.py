"""The employer's last months: what was assessed, what of it was received, what is outstanding. Sums, no person."""

import json
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from contributions.month_state import MonthState, month_state
from registry.insurance import INSURANCE_OF, Insurance
from registry.months import add_months, each_month

from .lines import select

ASSESSED = """
, person_month AS (
    SELECT period, insurance, person_id, sum(er_share + ind_share) AS amount
    FROM (SELECT *, CASE WHEN %(apart)s THEN %(insurance_of)s::jsonb ->> scheme END AS insurance FROM assessed) a
    GROUP BY period, insurance, person_id
)
SELECT period, insurance, count(*) AS persons, sum(amount) AS amount FROM person_month GROUP BY period, insurance
"""
# Whoever has several lines counts once, by the earliest due date of what is outstanding (the null of what was received
# comes last); amounts go with their own lines.
FOUND = """
, person_month AS (
    SELECT period, insurance, person_id, due_on, sum(er_share + ind_share) AS amount,
           bool_or(kind = 'refund') AS has_refund,
           row_number() OVER (PARTITION BY period, insurance, person_id ORDER BY due_on) AS rank
    FROM (SELECT *, CASE WHEN %(apart)s THEN %(insurance_of)s::jsonb ->> scheme END AS insurance FROM line) l
    GROUP BY period, insurance, person_id, due_on
)
SELECT period, insurance, due_on, has_refund AND amount <= 0 AS is_returned,
       count(*) FILTER (WHERE rank = 1) AS persons, sum(amount) AS amount
FROM person_month GROUP BY 1, 2, 3, 4
"""
INSURANCES_JSON = json.dumps(INSURANCE_OF)


@dataclass
class Count:
    """Persons, and yuan without late fees."""

    persons: int = 0
    amount: Decimal = Decimal("0.00")


@dataclass
class MonthOfEmployer:
    """One month of one insurance, or of all five (`insurance` None), where somebody in several counts once.

    `received` counts the persons for whom nothing is outstanding, and sums what came in less what was paid back.
    """

    month: date
    insurance: Insurance | None = None
    assessed: Count = field(default_factory=Count)
    received: Count = field(default_factory=Count)
    processing: Count = field(default_factory=Count)
    arrears: Count = field(default_factory=Count)

    @property
    def states(self):
        """[(MonthState, Count)] of the three columns beside what was assessed."""
        counts = (self.received, self.processing, self.arrears)
        return list(zip((MonthState.RECEIVED, MonthState.PROCESSING, MonthState.ARREARS), counts, strict=True))

    def column(self, due_on, today):
        """The Count that lines with this due date belong to; None: lines that were received."""
        if due_on is None:
            return self.received
        return self.arrears if month_state(due_on, (), today) is MonthState.ARREARS else self.processing


def last_months(employer, last, count, today):
    """The `count` months up to `last`, newest first, all insurances together. Two queries at any size."""
    start = add_months(last, 1 - count)
    found = _found(employer, start, last, today, apart=False)
    return [
        found.get((month, None)) or MonthOfEmployer(month) for month in each_month(start, add_months(last, 1))[::-1]
    ]


def by_insurance(employer, month, today):
    """The month's insurances that have lines. Two queries at any size."""
    found = _found(employer, month, month, today, apart=True)
    return [found[month, insurance] for insurance in Insurance if (month, insurance) in found]


def _found(employer, start, last, today, apart):
    found = {}

    def of(row):
        insurance = Insurance(row.insurance) if row.insurance else None
        return found.setdefault((row.period, insurance), MonthOfEmployer(row.period, insurance))

    def answers(question):
        until = add_months(last, 1)
        return select(question, employer, start, until, Insurance, apart=apart, insurance_of=INSURANCES_JSON)

    for row in answers(ASSESSED):
        of(row).assessed = Count(row.persons, row.amount)
    for row in answers(FOUND):
        column = of(row).column(row.due_on, today)
        column.amount += row.amount
        column.persons += 0 if row.is_returned else row.persons
    return found
