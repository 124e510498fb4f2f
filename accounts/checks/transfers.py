"""Moves between areas and ends of accounts: what the register says, the ledger holds."""

from accounts.closings import CLOSINGS
from accounts.models.transfers import RANKS

from .findings import found

RANK = "CASE state " + " ".join(f"WHEN '{state}' THEN {rank}" for state, rank in RANKS.items()) + " END"
SAME_TRANSFER = "person_id, scheme, area_code, direction, application_no"


def transfers_have_their_money(cursor):
    """What a merged transfer brought was taken over; what was sent left the account: equal amounts, same number."""
    yield from found(
        cursor,
        """
        WITH told AS (
            SELECT person_id, scheme, area_code, direction, application_no, account_amount, pooled_amount
            FROM accounts_transfer
            WHERE direction = 'in' AND state = 'merged' OR direction = 'out' AND state IN ('money_sent', 'merged')
        ), booked AS (
            SELECT person_id, scheme, area_code, 'in' AS direction, slip_no AS application_no, sum(amount) AS amount,
                sum(pooled_amount) AS pooled
            FROM accounts_takeover WHERE kind = 'transfer_in' GROUP BY 1, 2, 3, 5
            UNION ALL
            SELECT person_id, scheme, area_code, 'out', slip_no, -sum(amount), sum(pooled_amount)
            FROM accounts_movement WHERE kind = 'transfer_out' GROUP BY 1, 2, 3, 5
        )
        SELECT t.*, coalesce(b.amount, 0) AS amount, coalesce(b.pooled, 0) AS pooled FROM told t
        LEFT JOIN booked b USING (person_id, scheme, area_code, direction, application_no)
        WHERE (t.account_amount, t.pooled_amount) <> (coalesce(b.amount, 0), coalesce(b.pooled, 0))
        """,
        "person {person_id}, transfer {application_no} ({direction}, {scheme} in {area_code}): {account_amount} and "
        "{pooled_amount} yuan by the register, {amount} and {pooled} yuan are booked",
    )


def transfers_stand_where_their_steps_led(cursor):
    """Each transfer is in the furthest state of its steps, which never went back."""
    yield from found(
        cursor,
        f"""
        WITH step AS (SELECT *, {RANK} AS rank FROM accounts_transferevent), last AS (
            SELECT DISTINCT ON ({SAME_TRANSFER}) * FROM step ORDER BY {SAME_TRANSFER}, rank DESC, state
        )
        SELECT t.person_id, t.application_no, t.state, l.state AS furthest FROM accounts_transfer t
        FULL JOIN last l USING ({SAME_TRANSFER})
        WHERE (t.state, t.state_since, t.account_amount, t.pooled_amount) IS DISTINCT FROM
            (l.state, l.reached_on, l.account_amount, l.pooled_amount)
        UNION ALL
        SELECT s.person_id, s.application_no, s.state, o.state FROM step s JOIN step o USING ({SAME_TRANSFER})
        WHERE s.rank < o.rank AND s.reached_on > o.reached_on OR s.rank = o.rank AND s.state < o.state
        """,
        "person {person_id}, transfer {application_no}: it stands at {state}, its steps led to {furthest}",
    )


def closed_accounts_have_a_closure(cursor):
    """An account is closed in the month of its first closure that no correction undid, and no other account is.

    Later nothing moves but what corrects or ends it.
    """
    yield from found(
        cursor,
        f"""
        WITH ended AS (
            SELECT person_id, scheme, area_code, min(booked_month) AS month FROM ({CLOSINGS}) closing
            WHERE undone_by IS NULL GROUP BY 1, 2, 3
        )
        SELECT person_id, scheme, area_code, coalesce(to_char(a.closed_month, 'YYYYMM'), 'no month') AS closed,
            coalesce(to_char(e.month, 'YYYYMM'), 'no month') AS told
        FROM (SELECT * FROM accounts_account WHERE status = 'closed') a
        FULL JOIN ended e USING (person_id, scheme, area_code)
        WHERE a.closed_month IS DISTINCT FROM e.month
        """,
        "account of person {person_id}, {scheme} in {area_code}: closed in {closed}, by its closures in {told}",
    )
    yield from found(
        cursor,
        """
        SELECT e.person_id, e.scheme, e.area_code, e.kind, e.amount, b.source_ref, a.closed_month
        FROM accounts_account a JOIN accounts_entry e USING (person_id, scheme, area_code)
        JOIN accounts_batch b ON b.id = e.batch_id
        WHERE a.status = 'closed' AND e.booked_month > a.closed_month
            AND b.kind NOT IN ('closing', 'interest', 'reversal', 'manual')
        """,
        "account of person {person_id}, {scheme} in {area_code}: {kind} {amount} of batch {source_ref} "
        "came after it was closed in {closed_month}",
    )


CHECKS = [
    transfers_have_their_money,
    transfers_stand_where_their_steps_led,
    closed_accounts_have_a_closure,
]
