"""What the database itself keeps true of the ledger, whoever writes to it."""

from django.db import migrations

# Deferred, because a batch is written before its two sides. The first batch of a transaction proves all that follow it,
# in one statement over the end of both indexes; a look-up for each batch cost 5 to 9 % of posting.
BATCH_SUMS_TO_ZERO = """
CREATE FUNCTION batch_sums_to_zero() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    proved constant int8range := nullif(current_setting('portal.proved_batches', true), '');
    found record;
BEGIN
    IF NEW.id <@ proved THEN
        RETURN NULL;
    END IF;
    FOR found IN
        SELECT batch_id, sum(amount) AS rest FROM (
            SELECT batch_id, amount FROM accounts_entry WHERE batch_id >= NEW.id
            UNION ALL
            SELECT batch_id, amount FROM accounts_fundentry WHERE batch_id >= NEW.id
        ) sides GROUP BY batch_id HAVING sum(amount) <> 0 LIMIT 1
    LOOP
        RAISE EXCEPTION 'batch % does not sum to zero: % yuan are left', found.batch_id, found.rest
            USING ERRCODE = 'integrity_constraint_violation';
    END LOOP;
    PERFORM set_config('portal.proved_batches', int8range(NEW.id, max(id), '[]')::text, true) FROM accounts_batch;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER batch_sums_to_zero AFTER INSERT ON accounts_batch
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION batch_sums_to_zero();
"""

# Any rule that is or was in force and reaches the area counts: an account outlives the rule that filled it.
ACCOUNT_HAS_A_RULE = """
CREATE FUNCTION account_possible(area text, scheme text) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM contributions_contributionrule r
        WHERE r.has_account AND r.state <> 'draft' AND r.scheme = account_possible.scheme
            AND r.area_code = ANY (area_chain(account_possible.area))
    )
$$;
CREATE FUNCTION account_has_a_rule() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    found record;
BEGIN
    FOR found IN SELECT DISTINCT scheme, area_code FROM added LOOP
        IF NOT account_possible(found.area_code, found.scheme) THEN
            RAISE EXCEPTION 'no rule routes money to a personal account of % in %', found.scheme, found.area_code
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER account_has_a_rule AFTER INSERT ON accounts_account
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION account_has_a_rule();
"""

# Half a page is left free, so that a balance is updated where it stands and no index is touched.
ROOM_FOR_UPDATES = "ALTER TABLE accounts_account SET (fillfactor = 50);"


def ledger_guards():
    """Migration operation: a batch sums to zero, an account has a rule, balances have room to change."""
    return migrations.RunSQL(
        BATCH_SUMS_TO_ZERO + ACCOUNT_HAS_A_RULE + ROOM_FOR_UPDATES,
        "ALTER TABLE accounts_account RESET (fillfactor);"
        "DROP TRIGGER account_has_a_rule ON accounts_account; DROP FUNCTION account_has_a_rule();"
        "DROP FUNCTION account_possible(text, text);"
        "DROP TRIGGER batch_sums_to_zero ON accounts_batch; DROP FUNCTION batch_sums_to_zero();",
    )
