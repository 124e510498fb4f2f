"""What stands on the two sides of a batch: the lines of files, and what they owe to accounts and to fund accounts."""

from accounts.models import FundAccount

from .kinds import FROM_LINES

LINES = ", ".join(f"'{kind}'" for kind in FROM_LINES)
# The print of a batch ties each yuan to its person and row: amounts that changed places leave the sum as it was, but
# not the print. It is a sum too, so several entries of one line come to the print of the line; and no yuan weighs
# nothing, whether its row is named or not.
PRINT = "sum({amount} * ((hashint8extended(person_id, coalesce(feed_row, -1)) & 1073741823) + 1))"

CONTRIBUTIONS = """
    SELECT person_id, batch_id, feed_row, to_account AS amount FROM proving_contribution WHERE to_account <> 0
"""
# The other batches whose money comes line by line from files, and where those lines stand.
OTHER_LINES = """
    SELECT person_id, batch_id, feed_row, amount FROM proving_takeover WHERE amount <> 0
    UNION ALL
    SELECT person_id, batch_id, feed_row, -from_account FROM proving_benefit WHERE from_account <> 0
    UNION ALL
    SELECT person_id, batch_id, feed_row, amount FROM proving_movement WHERE amount <> 0
    UNION ALL
    SELECT person_id, batch_id, feed_row, -from_account FROM proving_spending WHERE from_account <> 0
    UNION ALL
    SELECT person_id, batch_id, feed_row, -amount FROM proving_closure WHERE amount <> 0
"""
# What the lines of each batch must have brought to each kind of fund account.
RECEIVED_SIDES = """
    SELECT batch_id, f.kind, f.amount FROM proof_received CROSS JOIN LATERAL (VALUES
        ('pooled', paid + subsidy - to_account), ('clearing', -paid - late_fee),
        ('state_subsidy', -subsidy), ('late_fees', late_fee)) f (kind, amount)
"""
OTHER_SIDES = """
    SELECT batch_id, f.kind, f.amount FROM (
        SELECT batch_id, kind, sum(amount) AS amount, sum(pooled_amount) AS pooled_amount
        FROM proving_takeover GROUP BY batch_id, kind
    ) t CROSS JOIN LATERAL (VALUES
        ('pooled', pooled_amount),
        (CASE t.kind WHEN 'opening' THEN 'taken_over' ELSE 'transfers' END, -amount - pooled_amount)
    ) f (kind, amount)
    UNION ALL
    SELECT batch_id, f.kind, f.amount FROM (
        SELECT batch_id, sum(from_pool) AS from_pool, sum(from_account) AS from_account FROM (
            SELECT batch_id, from_pool, from_account FROM proving_benefit
            UNION ALL
            SELECT batch_id, from_pool, from_account FROM proving_spending
            UNION ALL
            SELECT batch_id, 0, amount FROM proving_closure
        ) line GROUP BY batch_id
    ) spent CROSS JOIN LATERAL (VALUES ('pooled', -from_pool), ('benefits', from_pool + from_account)) f (kind, amount)
    UNION ALL
    SELECT batch_id, CASE kind
            WHEN 'refund' THEN 'benefits' WHEN 'transfer_out' THEN 'transfers' WHEN 'manual' THEN 'adjustments'
            ELSE 'pooled' END, pooled_amount - amount
    FROM proving_movement
    UNION ALL
    SELECT batch_id, 'pooled', -pooled_amount FROM proving_movement
"""
# One long number says all of a batch, because each figure has its own place among the digits: the prints the lowest 40,
# what both sides leave over the next 24, and each kind of fund account 24 of its own. No sum reaches into the next
# place, so the number is zero where every figure is.
OF_REST = "1e40"
PLACES = {kind.value: f"1e{64 + 24 * number}" for number, kind in enumerate(FundAccount.Kind)}
PLACE = "CASE {} " + " ".join(f"WHEN '{kind}' THEN {place}" for kind, place in PLACES.items()) + " ELSE 1e300 END"
# What the lines of contributions must have brought to fund accounts, as such a number.
RECEIVED_PLACED = f"""
    (paid + subsidy - to_account) * {PLACES["pooled"]} - (paid + late_fee) * {PLACES["clearing"]}
    - subsidy * {PLACES["state_subsidy"]} + late_fee * {PLACES["late_fees"]}
"""
