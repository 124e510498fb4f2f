"""Corrections: asked for by one operator, decided by another, posted by the job role as a reversal and a right posting.

Nothing in the ledger changes or goes away. The reversal keeps the month covered and is booked in an open month; the
other side of both batches is the fund account of adjustments (docs/ledger.md, "Corrections").
"""

import logging
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import books, closings
from .closed_years import open_month
from .crediting.due import PAYOUT_KINDS
from .models import Account, Correction, CorrectionLine, Entry, Reversal
from .models.corrections import NEVER_RIGHT, NEVER_UNDONE

UNDO, RIGHT = CorrectionLine.What.UNDO, CorrectionLine.What.RIGHT
OUTGOING = tuple(kind for kind in PAYOUT_KINDS if kind not in NEVER_RIGHT)
EITHER_WAY = (Entry.Kind.MANUAL,)
RIGHT_KINDS = tuple(kind for kind in Entry.Kind if kind not in NEVER_RIGHT)

NOTHING_TO_DO = _("Choose an entry to be undone, or give one to be posted.")
UNDONE_ALREADY = _("One of these entries is undone already.")
NOT_OF_THIS_ACCOUNT = _("One of these entries is not on this account, or cannot be corrected here.")
ASKED_ALREADY = _("One of these entries is part of a correction that is under way.")
CLOSED = _("This account is closed: to correct it, undo all that its closing paid out.")
WRONG_SIGN = _("%(kind)s: what leaves the account is below zero, what comes in is above.")
DECIDED_ALREADY = _("This correction is decided already.")
OWN_REQUEST = _("Whoever asked for a correction cannot decide it.")

# One row: lines; entries that are gone or differ; entries undone; what the account moves by. A closing that paid
# nothing has a line of 0.00 and no entry.
STANDING = """
SELECT count(*), count(*) FILTER (WHERE l.what = 'undo' AND l.amount <> 0
        AND (e.amount, e.period) IS DISTINCT FROM (l.amount, l.period)),
    count(r.person_id), coalesce(sum(CASE l.what WHEN 'undo' THEN -l.amount ELSE l.amount END), 0)
FROM accounts_correction c JOIN accounts_correctionline l ON l.correction_id = c.id
LEFT JOIN accounts_entry e ON e.person_id = c.person_id AND e.booked_month = l.booked_month AND e.scheme = c.scheme
    AND e.area_code = c.area_code AND e.kind = l.kind AND e.batch_id = l.batch_id AND e.line = l.entry_line
LEFT JOIN accounts_reversal r ON r.person_id = c.person_id AND r.booked_month = l.booked_month AND r.scheme = c.scheme
    AND r.area_code = c.area_code AND r.kind = l.kind AND r.batch_id = l.batch_id AND r.line = l.entry_line
WHERE c.id = %s
"""

LINES_OF = """
FROM accounts_correction c JOIN accounts_correctionline l ON l.correction_id = c.id WHERE c.id = {correction}
"""
BATCHES = f"""
SELECT CASE l.what WHEN 'undo' THEN 1 ELSE 2 END AS batch_no,
    CASE l.what WHEN 'undo' THEN 'reversal' ELSE 'manual' END AS kind, c.scheme, c.area_code,
    DATE '{{month}}' AS booked_month, NULL::bigint AS employer_id, '' AS slip_no,
    'correction/' || c.id || '/' || l.what AS source_ref
{LINES_OF}
"""
ENTRIES = f"""
SELECT CASE l.what WHEN 'undo' THEN 1 ELSE 2 END AS batch_no, c.person_id,
    CASE l.what WHEN 'undo' THEN 'reversal' ELSE l.kind END AS kind, l.number AS line, l.period,
    CASE l.what WHEN 'undo' THEN -l.amount ELSE l.amount END AS amount, NULL::bigint AS rule_id,
    NULL::integer AS feed_row
{LINES_OF} AND l.amount <> 0
"""
FUND = f"""
SELECT CASE l.what WHEN 'undo' THEN 1 ELSE 2 END AS batch_no, 'adjustments' AS kind,
    sum(CASE l.what WHEN 'undo' THEN l.amount ELSE -l.amount END) AS amount
{LINES_OF} GROUP BY 1
"""
UNDONE = f"""
SELECT 1 AS batch_no, l.number AS by_line, c.person_id, l.booked_month, c.scheme, c.area_code, l.kind, l.batch_id,
    l.entry_line AS line
{LINES_OF} AND l.what = 'undo' AND l.amount <> 0
"""


POSTED_AS = f"SELECT batch_no, batch_id FROM {books.POSTED}"


class CorrectionRefused(Exception):
    """What stands in the way, as a sentence for the page."""


@dataclass(frozen=True)
class RightEntry:
    """An entry that should stand: its kind, the month covered, and signed yuan."""

    kind: str
    period: date
    amount: Decimal


@transaction.atomic
def ask(account, undone, rights, *, by, reason, document_ref):
    """Write down a request about one account and return it.

    `undone`: keys of entries as (booked month, kind, batch id, line). `rights`: RightEntry list. `by`: the User who
    asks. Of a closed account all closings that stand must be undone; it is open again once that is posted.
    Raises CorrectionRefused.
    """
    if not undone and not rights:
        raise CorrectionRefused(NOTHING_TO_DO)
    ends = closings.of_account(account)
    if not _undoes_the_closing(account, ends, set(undone)):
        raise CorrectionRefused(CLOSED)
    for right in rights:
        _check_sign(right)
    entries = _entries_to_undo(account, set(undone), [end for end in ends if not end.amount])
    correction = Correction.objects.create(
        person_id=account.person_id,
        scheme=account.scheme,
        area_code=account.area_code,
        reason=reason,
        document_ref=document_ref,
        asked_by=by,
    )
    lines = [
        {
            "what": UNDO,
            "kind": e.kind,
            "period": e.period,
            "amount": e.amount,
            "booked_month": e.booked_month,
            "batch_id": e.batch_id,
            "entry_line": e.line,
        }
        for e in entries
    ]
    lines += [{"what": RIGHT, "kind": r.kind, "period": r.period, "amount": r.amount} for r in rights]
    CorrectionLine.objects.bulk_create(
        CorrectionLine(correction=correction, number=number, **line) for number, line in enumerate(lines, 1)
    )
    return correction


def _check_sign(right):
    is_wrong = right.amount > 0 if right.kind in OUTGOING else right.amount < 0 and right.kind not in EITHER_WAY
    if right.amount == 0 or is_wrong:
        raise CorrectionRefused(WRONG_SIGN % {"kind": Entry.Kind(right.kind).label})


def _undoes_the_closing(account, ends, keys):
    """Whether a correction that undoes these keys finds or leaves the account open; `ends`: its standing Closings."""
    return account.status != Account.Status.CLOSED or (bool(ends) and {end.key for end in ends} <= keys)


def _entries_to_undo(account, keys, unpaid):
    """The entries of these keys, oldest first: all on the account, not undone, and in no other open request.

    `unpaid`: Closings of the account that paid nothing; such a one stands for the entry that it does not have.
    """
    if not keys:
        return []
    of_account = {"person_id": account.person_id, "scheme": account.scheme, "area_code": account.area_code}
    chosen = {"booked_month__in": {k[0] for k in keys}, "batch_id__in": {k[2] for k in keys}}
    found = Entry.objects.filter(**of_account, **chosen).exclude(kind__in=NEVER_UNDONE)
    entries = [e for e in found if (e.booked_month, e.kind, e.batch_id, e.line) in keys]
    entries += [end for end in unpaid if end.key in keys]
    if len(entries) != len(keys):
        raise CorrectionRefused(NOT_OF_THIS_ACCOUNT)
    undone = Reversal.objects.filter(**of_account, **chosen).values_list("booked_month", "kind", "batch_id", "line")
    if keys & set(undone):
        raise CorrectionRefused(UNDONE_ALREADY)
    asked = CorrectionLine.objects.filter(
        **{f"correction__{name}": value for name, value in of_account.items()}, correction__outcome="", **chosen
    ).exclude(correction__decision=Correction.Decision.REFUSED)
    if keys & set(asked.values_list("booked_month", "kind", "batch_id", "entry_line")):
        raise CorrectionRefused(ASKED_ALREADY)
    return sorted(entries, key=lambda e: (e.booked_month, e.batch_id, e.kind, e.line))


def decide(correction, decision, *, by, reason):
    """Approve or refuse a waiting request, once, by somebody else than who asked. Raises CorrectionRefused."""
    if correction.asked_by_id == by.pk:
        raise CorrectionRefused(OWN_REQUEST)
    decided = Correction.objects.waiting().filter(pk=correction.pk)
    if not decided.update(decision=decision, decision_reason=reason, decided_by=by, decided_at=timezone.now()):
        raise CorrectionRefused(DECIDED_ALREADY)


def post(correction_id):
    """Post one approved request, or write down why it cannot be posted; the Outcome, None where there is nothing to do.

    Runs as the job role, whole or not at all. Posting twice is impossible: the request is locked and ends once, and
    its batches have source references of their own.
    """
    try:
        with transaction.atomic():
            return _post(correction_id)
    except IntegrityError:
        logging.getLogger(__name__).exception("Correction %s was refused by the books.", correction_id)
    with transaction.atomic():
        correction = Correction.objects.to_post().select_for_update().filter(pk=correction_id).first()
        return correction and _end(correction, Correction.Outcome.BOOKS_REFUSED)


def _post(correction_id):
    correction = Correction.objects.to_post().select_for_update().filter(pk=correction_id).first()
    if correction is None:
        return None
    with connection.cursor() as cursor:
        obstacle = _obstacle(cursor, correction)
        if obstacle:
            return _end(correction, obstacle)
        month = open_month(cursor, correction.scheme, correction.area_code)
        batches, entries, fund, undone = (
            select.format(correction=correction.pk, month=month) for select in (BATCHES, ENTRIES, FUND, UNDONE)
        )
        books.post(cursor, batches, entries, fund, posted_by=correction.decided_by_id, undone=undone)
        _open_again(correction)
        cursor.execute(POSTED_AS)
        batch_ids = dict(cursor.fetchall())
    return _end(correction, Correction.Outcome.POSTED, undo_batch_id=batch_ids.get(1), right_batch_id=batch_ids.get(2))


def _obstacle(cursor, correction):
    """The Outcome that says why this request cannot be posted now, or None. Locks the account."""
    account = Account.objects.select_for_update(no_key=True).filter(
        person=correction.person_id, scheme=correction.scheme, area_code=correction.area_code
    )
    account = account.first()
    cursor.execute(STANDING, [correction.pk])
    lines, differing, undone, moved = cursor.fetchone()
    named = correction.lines.filter(what=UNDO)
    amounts = {(line.booked_month, line.kind, line.batch_id, line.entry_line): line.amount for line in named}
    ends = closings.of_account(correction)
    unpaid = {end.key for end in ends if not end.amount}
    if undone or {key for key, amount in amounts.items() if not amount} - unpaid:
        return Correction.Outcome.UNDONE_MEANWHILE
    if account is None or lines == 0 or differing:
        return Correction.Outcome.CHANGED
    if not _undoes_the_closing(account, ends, amounts.keys()):
        return Correction.Outcome.ACCOUNT_CLOSED
    if account.balance + moved < 0:
        return Correction.Outcome.BELOW_ZERO
    return None


def _open_again(correction):
    """A closed account comes this far only where the correction undoes every closing of it (`_obstacle`)."""
    account = Account.objects.filter(
        person=correction.person_id, scheme=correction.scheme, area_code=correction.area_code
    )
    account.filter(status=Account.Status.CLOSED).update(status=Account.Status.OPEN, closed_month=None)


def _end(correction, outcome, **batch_ids):
    Correction.objects.filter(pk=correction.pk).update(outcome=outcome, ended_at=timezone.now(), **batch_ids)
    return outcome
