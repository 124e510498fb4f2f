"""What somebody who owns the server may do to the books, and the check that finds it."""

from contextlib import contextmanager

from django.db import connection


@contextmanager
def tampering():
    """A cursor for which neither grants nor triggers stand in the way: somebody who owns the server."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL ROLE NONE; SET LOCAL session_replication_role = replica"
        )
        yield cursor
        cursor.execute("SET LOCAL session_replication_role = origin; SET LOCAL ROLE portal_tests")


TAMPERINGS = {
    "a balance": ("UPDATE accounts_account SET prior_years = 0.01 WHERE person_id = {p}", "balances equal entries"),
    "a year": ("UPDATE accounts_account SET year = 2027 WHERE person_id = {p}", "balances equal entries"),
    "the first month": (
        "UPDATE accounts_account SET opened_month = '2020-01-01' WHERE person_id = {p}",
        "balances equal entries",
    ),
    "a lost account": ("DELETE FROM accounts_account WHERE person_id = {p}", "balances equal entries"),
    "an invented account": (
        "INSERT INTO accounts_account (person_id, scheme, area_code, status, opened_month, last_booked_month, year, "
        "current_year, prior_years) VALUES ({p}, 'medical', '990200', 'open', '2026-10-01', '2026-10-01', 2026, 5, 0)",
        "balances equal entries",
    ),
    "an entry": ("UPDATE accounts_entry SET amount = amount + 0.01 WHERE person_id = {p}", "batches sum to zero"),
    "a lost entry": ("DELETE FROM accounts_entry WHERE person_id = {p} AND kind = 'opening'", "batches sum to zero"),
    "a lost fund entry": ("DELETE FROM accounts_fundentry WHERE batch_id = {b}", "batches sum to zero"),
    "an entry of another month": (
        "UPDATE accounts_entry SET booked_month = '2026-09-01' WHERE person_id = {p} AND kind = 'opening'",
        "sides fit their batch",
    ),
    "an entry of another kind": (
        "UPDATE accounts_entry SET kind = 'manual' WHERE person_id = {p} AND kind = 'opening'",
        "sides fit their batch",
    ),
    "an entry without a batch": (
        "UPDATE accounts_entry SET batch_id = 999999999 WHERE person_id = {p}",
        "sides fit their batch",
    ),
    "a fund entry of another scheme": (
        "UPDATE accounts_fundaccount SET scheme = 'maternity' WHERE id IN "
        "(SELECT fund_account_id FROM accounts_fundentry WHERE batch_id = {b})",
        "sides fit their batch",
    ),
    "an entry moved to somebody else": (
        "UPDATE accounts_entry SET person_id = (SELECT max(id) FROM registry_insuredperson WHERE id <> {p}) "
        "WHERE person_id = {p} AND kind = 'contrib_ind'",
        "lines reach the accounts",
    ),
    "a benefit that names no entry": (
        "UPDATE accounts_benefitpayment SET from_account = 21 WHERE person_id = {p}",
        "lines reach the accounts",
    ),
    "a movement of another amount": (
        "UPDATE accounts_movement SET amount = amount + 0.01 WHERE person_id = {p} AND kind = 'manual'",
        "lines reach the accounts",
    ),
    "a lost movement": (
        "DELETE FROM accounts_movement WHERE person_id = {p} AND kind = 'pool_allocation'",
        "lines reach the accounts",
    ),
    "an adjustment that nobody ordered": (
        "UPDATE accounts_entry SET feed_row = 99 WHERE person_id = {p} AND kind = 'manual'",
        "lines reach the accounts",
    ),
    "spending of another amount": (
        "UPDATE accounts_spending SET from_account = 51 WHERE person_id = {p} AND relation = 'self'",
        "lines reach the accounts",
    ),
    "a closure of another amount": (
        "UPDATE accounts_closure SET amount = 61 WHERE person_id = {p}",
        "lines reach the accounts",
    ),
    "pooled money sent along": (
        "UPDATE accounts_movement SET pooled_amount = 150.01 WHERE person_id = {p} AND kind = 'transfer_out'",
        "funds hold the rest",
    ),
    "a movement of another kind": (
        "UPDATE accounts_movement SET kind = 'refund' WHERE person_id = {p} AND kind = 'offset_overpayment'",
        "funds hold the rest",
    ),
    "spending of the pool": (
        "UPDATE accounts_spending SET from_pool = 31 WHERE person_id = {p} AND relation = 'self'",
        "funds hold the rest",
    ),
    "a movement's file that is gone": (
        "UPDATE accounts_movement SET feed_file_id = 999999999 WHERE person_id = {p}",
        "references lead somewhere",
    ),
    "spending's batch that is gone": (
        "UPDATE accounts_spending SET batch_id = 999999999 WHERE person_id = {p}",
        "references lead somewhere",
    ),
    "a transfer of nobody": (
        "UPDATE accounts_transfer SET person_id = 999999999 WHERE person_id = {p}",
        "references lead somewhere",
    ),
    "a lost line of spending": (
        "DELETE FROM accounts_spending WHERE person_id = {p} AND relation = 'child'",
        "files add up",
    ),
    "a lost step of a transfer": (
        "DELETE FROM accounts_transferevent WHERE person_id = {p} AND state = 'applied'",
        "files add up",
    ),
    "money sent that never left": (
        "UPDATE accounts_transfer SET account_amount = 100.01 WHERE person_id = {p} AND direction = 'out'",
        "transfers have their money",
    ),
    "money merged that never came": (
        "DELETE FROM accounts_takeover WHERE person_id = {p} AND kind = 'transfer_in'",
        "transfers have their money",
    ),
    "a transfer in another state": (
        "UPDATE accounts_transfer SET state = 'merged' WHERE person_id = {p} AND direction = 'out'",
        "transfers stand where their steps led",
    ),
    "a step that goes back": (
        "UPDATE accounts_transferevent SET reached_on = '2026-12-01' WHERE person_id = {p} AND state = 'applied'",
        "transfers stand where their steps led",
    ),
    "a closed account that is open again": (
        "UPDATE accounts_account SET status = 'open', closed_month = NULL WHERE person_id = {p} AND status = 'closed'",
        "closed accounts have a closure",
    ),
    "an account closed in another month": (
        "UPDATE accounts_account SET closed_month = '2026-09-01' WHERE person_id = {p} AND status = 'closed'",
        "closed accounts have a closure",
    ),
    "an account that nobody closed": (
        "UPDATE accounts_account SET status = 'closed', closed_month = '2026-10-01' WHERE person_id = {p}",
        "closed accounts have a closure",
    ),
    "a quota by a rule that gives none": (
        "UPDATE accounts_entry SET rule_id = (SELECT min(id) FROM contributions_contributionrule WHERE NOT pool_quota) "
        "WHERE person_id = {p} AND kind = 'pool_allocation'",
        "quotas follow their rule",
    ),
    "a quota of a month before its rule": (
        "UPDATE accounts_entry SET period = '2022-12-01' WHERE person_id = {p} AND kind = 'pool_allocation'",
        "quotas follow their rule",
    ),
    "a quota of another amount than was published": (
        "UPDATE contributions_accountquota SET area_code = '', amount = amount + 1",
        "quotas are as published",
    ),
    "a lost takeover": ("DELETE FROM accounts_takeover WHERE person_id = {p}", "lines reach the accounts"),
    "a fund entry on the wrong fund account": (
        "UPDATE accounts_fundentry e SET fund_account_id = (SELECT id FROM accounts_fundaccount o WHERE "
        "o.scheme = 'pension' AND o.area_code = '990100' AND o.kind = 'taken_over') FROM accounts_fundaccount a "
        "WHERE a.id = e.fund_account_id AND a.kind = 'pooled' AND e.batch_id = {b}",
        "funds hold the rest",
    ),
    "a benefit of the pool": (
        "UPDATE accounts_benefitpayment SET from_pool = 10.01 WHERE person_id = {p}",
        "funds hold the rest",
    ),
    "a lost contribution of a pooled part": (
        "UPDATE contributions_contribution SET er_share = er_share - 0.01 WHERE person_id = {p} AND scheme = 'pension'",
        "funds hold the rest",
    ),
    "a routed amount": (
        "UPDATE contributions_contribution SET to_account = to_account + 1 WHERE person_id = {p}",
        "contributions follow their rule",
    ),
    "a rule of another month": (
        "UPDATE contributions_contribution SET period = '1998-01-01' WHERE person_id = {p} AND scheme = 'pension'",
        "contributions follow their rule",
    ),
    "an account without a rule": (
        "UPDATE accounts_account SET scheme = 'work_injury' WHERE person_id = {p} AND scheme = 'pension'",
        "accounts have a rule",
    ),
    "a balance below zero": (
        "ALTER TABLE accounts_account DROP CONSTRAINT account_not_below_zero; "
        "UPDATE accounts_account SET prior_years = -100000 WHERE person_id = {p}",
        "balances are not negative",
    ),
    "a person who is gone": (
        "UPDATE contributions_contribution SET person_id = 999999999 WHERE person_id = {p}",
        "references lead somewhere",
    ),
    "an employer who is gone": (
        "UPDATE contributions_contribution SET employer_id = 999999999 WHERE person_id = {p}",
        "contributions lead somewhere",
    ),
    "a file that is gone": (
        "UPDATE accounts_batch SET feed_file_id = 999999999 WHERE id = {b}",
        "references lead somewhere",
    ),
    "a batch that is gone": ("DELETE FROM accounts_batch WHERE id = {b}", "contributions lead somewhere"),
    "a merge in two steps": (
        "WITH first AS (SELECT min(id) AS id FROM registry_insuredperson) UPDATE registry_insuredperson p "
        "SET merged_into_id = CASE p.id WHEN {p} THEN first.id ELSE {p} END FROM first WHERE p.id IN ({p}, first.id)",
        "persons resolve in one step",
    ),
    "a lost line of a file": (
        "DELETE FROM contributions_contribution WHERE person_id = {p} AND scheme = 'pension'",
        "files add up",
    ),
    "a file's total": ("UPDATE registry_feedfile SET total = total + 0.01 WHERE kind = 'benefits'", "files add up"),
    "a reversal of nothing": (
        "INSERT INTO accounts_reversal VALUES ({p}, '2026-10-01', 'pension', '990100', 'opening', 1, 1, "
        "'2026-10-01', 2, 1)",
        "reversals undo one entry",
    ),
    "a correction decided by who asked": (
        "ALTER TABLE accounts_correction DROP CONSTRAINT correction_two_people; "
        "UPDATE accounts_correction SET decided_by_id = asked_by_id WHERE person_id = {p}",
        "corrections have two people",
    ),
    "a correction that nobody approved": (
        "ALTER TABLE accounts_correction DROP CONSTRAINT correction_posted_once_approved; "
        "UPDATE accounts_correction SET decision = 'refused' WHERE person_id = {p}",
        "corrections have two people",
    ),
    "a correction asked for by somebody who is no staff": (
        "UPDATE accounts_correction SET asked_by_id = (SELECT min(id) FROM inquiries_user WHERE kind = 'person') "
        "WHERE person_id = {p}",
        "corrections have two people",
    ),
    "a correction that was never posted": (
        "UPDATE accounts_correction SET outcome = '', ended_at = NULL, undo_batch_id = NULL, right_batch_id = NULL "
        "WHERE person_id = {p}",
        "corrections have two people",
    ),
    "a batch posted on another's word": (
        "UPDATE accounts_batch SET posted_by = posted_by + 1 WHERE source_ref LIKE 'correction/%%/undo'",
        "corrections have two people",
    ),
    "a batch that claims to be a correction's": (
        "UPDATE accounts_batch SET source_ref = 'correction/7/right' WHERE id = {b}",
        "corrections have two people",
    ),
    "a correction of another amount": (
        "UPDATE accounts_correctionline SET amount = amount + 0.01 WHERE what = 'right'",
        "corrections are posted as approved",
    ),
    "a correction for another month": (
        "UPDATE accounts_correctionline SET period = '2026-09-01' WHERE what = 'right'",
        "corrections are posted as approved",
    ),
    "a correction of another entry": (
        "UPDATE accounts_correctionline SET entry_line = entry_line + 1 WHERE what = 'undo'",
        "corrections are posted as approved",
    ),
    "a lost line of a correction": (
        "DELETE FROM accounts_correctionline WHERE what = 'right'",
        "corrections are posted as approved",
    ),
    "a reversal that names nothing": (
        "UPDATE accounts_entry SET kind = 'reversal' WHERE person_id = {p} AND kind = 'opening'",
        "reversals undo one entry",
    ),
}
