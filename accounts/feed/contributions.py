"""Contributions of employers, of persons and of the state, as they are posted."""

from accounts import books
from contributions.feed import contribution_kinds
from registry.feed.rows import line_of

from .limits import closed_accounts, overdrawn

CONTRIBUTION_BATCHES = """
    SELECT batch_no, batch_kind AS kind, scheme, area_code, booked_month, nullif(employer_key, 0) AS employer_id,
        batch_slip AS slip_no, NULL::text AS source_ref, feed_file_id
    FROM contribution_bundle
"""
# Each payer's routed part is an entry of its own. The row of the file is the line: no two lines of a batch share it.
CONTRIBUTION_ENTRIES = f"""
    SELECT b.batch_no, l.person_id, e.kind, {line_of("l.row")} AS line, b.period, e.amount, b.rule_id,
        {line_of("l.row")} AS feed_row
    FROM contribution_line l JOIN contribution_bundle b USING (bundle_no) CROSS JOIN LATERAL (VALUES
        ('contrib_emp', l.er_to_account), ('contrib_ind', l.ind_to_account), ('subsidy', l.subsidy_to_account)
    ) e (kind, amount)
    WHERE (l.er_to_account <> 0 OR l.ind_to_account <> 0 OR l.subsidy_to_account <> 0) AND e.amount <> 0
"""
CONTRIBUTION_FUND = """
    SELECT s.batch_no, f.kind, f.amount
    FROM (
        SELECT batch_no, sum(er_share + ind_share) AS paid, sum(subsidy) AS subsidy, sum(late_fee) AS late_fee,
            sum(er_to_account + ind_to_account + subsidy_to_account) AS to_account
        FROM contribution_line JOIN contribution_bundle USING (bundle_no) GROUP BY batch_no
    ) s CROSS JOIN LATERAL (VALUES
        ('pooled', s.paid + s.subsidy - s.to_account), ('clearing', -s.paid - s.late_fee),
        ('state_subsidy', -s.subsidy), ('late_fees', s.late_fee)
    ) f (kind, amount)
"""
CONTRIBUTION_MOVES = """
    SELECT row, person_id, scheme, area_code, booked_month,
        er_to_account + ind_to_account + subsidy_to_account AS amount
    FROM contribution_line JOIN contribution_bundle USING (bundle_no) WHERE fault IS NULL
"""


def _post_contributions(cursor, feed_file_id):
    written = CONTRIBUTION_BATCHES, CONTRIBUTION_ENTRIES, CONTRIBUTION_FUND
    books.post(cursor, *written, feed_file_id=feed_file_id or books.EACH_ITS_OWN)
    return books.POSTED


def _accounts_take_them(cursor, table):
    yield from closed_accounts(cursor, CONTRIBUTION_MOVES)
    yield from overdrawn(cursor, CONTRIBUTION_MOVES, "ind_share")


CONTRIBUTIONS = contribution_kinds("accounts_batch", _post_contributions, _accounts_take_them)
