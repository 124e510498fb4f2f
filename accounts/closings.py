"""Closings of personal accounts as they stand: each is a Closure, until a correction that names it is posted.

An account is closed in the month of its first closing that stands; where none stands, it is open.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection
from django.db.models import Exists, OuterRef

from .models import Closure, CorrectionLine, Entry

# What the payout of a closing is called among the entries.
KIND = "CASE reason WHEN 'death' THEN 'inheritance' WHEN 'other' THEN 'closing' ELSE 'refund' END"
# A closing without a payout has no entry, so a correction names every closing by the key that its entry has or would
# have. `undone_by`: the batch of the correction, null where the closing stands.
CLOSINGS = f"""
SELECT c.person_id, c.scheme, c.area_code, c.booked_month, c.kind, c.batch_id, c.feed_row AS line, c.period,
    -c.amount AS amount, c.reason, k.undo_batch_id AS undone_by
FROM (SELECT *, {KIND} AS kind FROM accounts_closure) c LEFT JOIN (
    accounts_correction k JOIN accounts_correctionline l ON l.correction_id = k.id AND l.what = 'undo'
) ON k.person_id = c.person_id AND k.outcome = 'posted' AND l.booked_month = c.booked_month
    AND l.batch_id = c.batch_id AND l.entry_line = c.feed_row
"""
EVER = f"""
SELECT booked_month, undone_by FROM ({CLOSINGS}) closing WHERE person_id = %s AND scheme = %s AND area_code = %s
"""
STANDING = f"""
SELECT person_id, scheme, area_code, booked_month, kind, batch_id, line, period, amount FROM ({CLOSINGS}) closing
WHERE undone_by IS NULL AND person_id = ANY (%s::bigint[]) ORDER BY booked_month, batch_id, line
"""


@dataclass
class Closing:
    """A closing that stands, with the key of its entry; `amount`: signed yuan, 0.00 where nothing was paid out."""

    person_id: int
    scheme: str
    area_code: str
    booked_month: date
    kind: str
    batch_id: int
    line: int
    period: date
    amount: Decimal

    @property
    def key(self):
        """As accounts.corrections names entries: (booked month, kind, batch id, line)."""
        return self.booked_month, self.kind, self.batch_id, self.line

    def get_kind_display(self):
        return Entry.Kind(self.kind).label


def standing(person_ids):
    """{(person id, scheme, area code): [Closing, oldest first]} of the closed accounts of these persons. One query."""
    with connection.cursor() as cursor:
        cursor.execute(STANDING, [list(person_ids)])
        found = [Closing(*row) for row in cursor.fetchall()]
    closings = {}
    for closing in found:
        closings.setdefault((closing.person_id, closing.scheme, closing.area_code), []).append(closing)
    return closings


def of_account(account):
    """The Closings of one account that stand, oldest first; empty where it is open. One query."""
    return standing([account.person_id]).get((account.person_id, account.scheme, account.area_code), [])


def ever(row):
    """[(month, batch that undid it or None)] of all closings of the account that `row` belongs to. One query.

    As it was known when batch n was posted, the account ended in the first month that no batch before n had undone.
    """
    with connection.cursor() as cursor:
        cursor.execute(EVER, [row.person_id, row.scheme, row.area_code])
        return cursor.fetchall()


def undone_by_it():
    """An expression over Correction: whether it undoes a closing, so that once posted the account is open again."""
    closure = Closure.objects.filter(
        person_id=OuterRef(OuterRef("person")),
        booked_month=OuterRef("booked_month"),
        batch_id=OuterRef("batch_id"),
        feed_row=OuterRef("entry_line"),
    )
    lines = CorrectionLine.objects.filter(correction=OuterRef("pk"), what=CorrectionLine.What.UNDO)
    return Exists(lines.filter(Exists(closure)))
