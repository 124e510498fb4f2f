"""What the database itself keeps true of the ledger, whoever writes to it."""

from django.db import migrations

# Deferred, because a batch is written before its two sides; the index on batch_id and the month make each look-up
# one probe of one partition.
BATCH_SUMS_TO_ZERO = """
CREATE FUNCTION batch_sums_to_zero() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    rest numeric;
BEGIN
    SELECT coalesce(sum(amount), 0) INTO rest FROM (
        SELECT amount FROM accounts_entry WHERE batch_id = NEW.id AND booked_month = NEW.booked_month
        UNION ALL
        SELECT amount FROM accounts_fundentry WHERE batch_id = NEW.id
    ) sides;
    IF rest <> 0 THEN
        RAISE EXCEPTION 'batch % (%) does not sum to zero: % yuan are left', NEW.id, NEW.source_ref, rest
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
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
