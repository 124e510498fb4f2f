"""Arrears (欠费): declared months past their due date for which nothing was received. Derived, never stored.

The database function `unpaid_months` holds the definition.
"""

from dataclasses import dataclass
from datetime import date

from django.db import connection


def judged_on(today, sources):
    """The day on which arrears can be told: today, or the first day of which a source of contributions says nothing.

    What fell due later may have been received without our knowing it yet: it is being processed, not in arrears.
    """
    return min([today, *(source.told_until for source in sources)])


@dataclass(frozen=True)
class UnpaidMonth:
    scheme: str
    period: date
    employer_id: int | None
    due_on: date


def unpaid_months(person, today):
    """The person's months in arrears on `today`, oldest first, of all schemes and employers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM unpaid_months(%s, %s)", [person.record_ids, today])
        return [UnpaidMonth(*row) for row in cursor.fetchall()]
