"""Corrections: by two people, and posted as they were approved, to the fen."""

from accounts.closings import CLOSINGS

from .findings import found

# Batches that only a correction makes, or that claim to come from one.
BATCHES = "b.kind IN ('reversal', 'manual') OR b.source_ref LIKE 'correction/%%'"


def corrections_have_two_people(cursor):
    """Each batch of a correction belongs to one request, which somebody else than who asked approved; none is lost."""
    yield from found(
        cursor,
        f"""
        SELECT b.id AS batch_id, b.source_ref FROM accounts_batch b
        LEFT JOIN accounts_correction c ON c.outcome = 'posted' AND c.decision = 'approved'
            AND c.decided_by_id <> c.asked_by_id AND c.decided_by_id = b.posted_by
            AND (c.scheme, c.area_code) = (b.scheme, b.area_code)
            AND (b.kind, b.id, b.source_ref) IN (('reversal', c.undo_batch_id, 'correction/' || c.id || '/undo'),
                ('manual', c.right_batch_id, 'correction/' || c.id || '/right'))
        WHERE ({BATCHES}) AND c.id IS NULL
        UNION ALL
        SELECT named.batch_id, 'correction/' || c.id FROM accounts_correction c
        CROSS JOIN LATERAL (VALUES (c.undo_batch_id, 'reversal'), (c.right_batch_id, 'manual')) named (batch_id, kind)
        LEFT JOIN accounts_batch b ON b.id = named.batch_id AND b.kind = named.kind
        WHERE named.batch_id IS NOT NULL AND b.id IS NULL
        """,
        "batch {batch_id} ({source_ref}): it is not the batch of a correction that two people agreed on",
    )
    yield from found(
        cursor,
        """
        SELECT c.id FROM accounts_correction c
        LEFT JOIN inquiries_staffmember a ON a.user_id = c.asked_by_id
        LEFT JOIN inquiries_staffmember d ON d.user_id = c.decided_by_id
        WHERE a.id IS NULL OR c.decided_by_id = c.asked_by_id
            OR c.decision <> '' AND d.id IS NULL OR c.outcome <> '' AND c.decision <> 'approved'
        """,
        "correction {id}: it was not asked for and decided by two members of staff",
    )


def corrections_are_posted_as_approved(cursor):
    """The entries of a correction's batches are its lines: whose, kind, month covered, amount, and what is undone.

    A line of 0.00 undoes a closing that paid nothing, and posts no entry.
    """
    yield from found(
        cursor,
        f"""
        WITH line AS (
            SELECT CASE l.what WHEN 'undo' THEN c.undo_batch_id ELSE c.right_batch_id END AS batch_id, l.number AS line,
                c.person_id, CASE l.what WHEN 'undo' THEN 'reversal' ELSE l.kind END AS kind, l.period,
                CASE l.what WHEN 'undo' THEN -l.amount ELSE l.amount END AS amount,
                CASE l.what WHEN 'undo' THEN concat_ws('/', l.booked_month, l.kind, l.batch_id, l.entry_line) END
                    AS undone
            FROM accounts_correction c JOIN accounts_correctionline l ON l.correction_id = c.id
            WHERE c.outcome = 'posted' AND (l.what = 'right' OR l.amount <> 0)
        ), entry AS (
            SELECT e.batch_id, e.line, e.person_id, e.kind, e.period, e.amount,
                concat_ws('/', r.booked_month, r.kind, r.batch_id, r.line) AS undone
            FROM accounts_batch b JOIN accounts_entry e ON e.batch_id = b.id
            LEFT JOIN accounts_reversal r ON r.person_id = e.person_id AND r.by_batch_id = b.id AND r.by_line = e.line
            WHERE {BATCHES}
        )
        SELECT coalesce(l.batch_id, e.batch_id) AS batch_id, coalesce(l.line, e.line) AS number,
            coalesce(l.amount::text, 'nothing') AS approved, coalesce(e.amount::text, 'nothing') AS posted
        FROM line l FULL JOIN entry e ON e.batch_id = l.batch_id AND e.line = l.line AND e.person_id = l.person_id
        WHERE (l.kind, l.period, l.amount, coalesce(l.undone, ''))
            IS DISTINCT FROM (e.kind, e.period, e.amount, coalesce(e.undone, ''))
        """,
        "batch {batch_id}, line {number}: {approved} was approved, {posted} is posted, or they differ otherwise",
    )
    yield from found(
        cursor,
        f"""
        SELECT k.id, l.number FROM accounts_correction k JOIN accounts_correctionline l ON l.correction_id = k.id
        LEFT JOIN ({CLOSINGS}) c ON c.person_id = k.person_id AND c.scheme = k.scheme AND c.area_code = k.area_code
            AND c.undone_by = k.undo_batch_id
            AND (c.booked_month, c.kind, c.batch_id, c.line, c.period, c.amount)
                = (l.booked_month, l.kind, l.batch_id, l.entry_line, l.period, l.amount)
        WHERE k.outcome = 'posted' AND l.what = 'undo' AND l.amount = 0 AND c.person_id IS NULL
        """,
        "correction {id}, line {number}: it undoes nothing, and no closing without a payout",
    )


CHECKS = [
    corrections_have_two_people,
    corrections_are_posted_as_approved,
]
