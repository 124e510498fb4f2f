"""Arrears (欠费): declared months past their due date for which nothing was received. Derived, never stored."""

from dataclasses import dataclass
from datetime import date

from django.db import connection

UNPAID = """
SELECT a.scheme, a.period, a.employer_id, min(a.due_on)
FROM contributions_assessment a
WHERE a.person_id = ANY(%(persons)s) AND a.due_month <= %(today)s AND a.due_on < %(today)s
  AND NOT EXISTS (
    SELECT FROM contributions_contribution c
    WHERE c.person_id = ANY(%(persons)s) AND c.scheme = a.scheme AND c.period = a.period
      AND c.employer_id IS NOT DISTINCT FROM a.employer_id AND c.kind IN ('normal', 'backpay'))
GROUP BY a.scheme, a.period, a.employer_id
ORDER BY a.period, a.scheme
"""


@dataclass(frozen=True)
class UnpaidMonth:
    scheme: str
    period: date
    employer_id: int | None
    due_on: date


def unpaid_months(person, today):
    """The person's months in arrears on `today`, oldest first, of all schemes and employers."""
    with connection.cursor() as cursor:
        cursor.execute(UNPAID, {"persons": person.record_ids, "today": today})
        return [UnpaidMonth(*row) for row in cursor.fetchall()]
