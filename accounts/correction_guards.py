"""What the database itself keeps true of corrections, whoever writes: asked, decided and ended once each."""

from django.db import migrations

CORRECTION_MOVES_ON = """
CREATE FUNCTION correction_moves_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF (NEW.decision, NEW.outcome) <> ('', '') THEN
            RAISE EXCEPTION 'a correction begins as a request' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        NEW.asked_at := now();
        RETURN NEW;
    END IF;
    IF (NEW.id, NEW.person_id, NEW.scheme, NEW.area_code, NEW.reason, NEW.document_ref, NEW.asked_by_id, NEW.asked_at)
        IS DISTINCT FROM
        (OLD.id, OLD.person_id, OLD.scheme, OLD.area_code, OLD.reason, OLD.document_ref, OLD.asked_by_id, OLD.asked_at)
    THEN
        RAISE EXCEPTION 'what a correction asks for never changes' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.decision <> '' AND (NEW.decision, NEW.decision_reason, NEW.decided_by_id, NEW.decided_at)
        IS DISTINCT FROM (OLD.decision, OLD.decision_reason, OLD.decided_by_id, OLD.decided_at)
    THEN
        RAISE EXCEPTION 'a correction is decided once' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.outcome <> '' AND (NEW.outcome, NEW.ended_at, NEW.undo_batch_id, NEW.right_batch_id)
        IS DISTINCT FROM (OLD.outcome, OLD.ended_at, OLD.undo_batch_id, OLD.right_batch_id)
    THEN
        RAISE EXCEPTION 'a correction is posted once' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER correction_moves_on BEFORE INSERT OR UPDATE ON accounts_correction
    FOR EACH ROW EXECUTE FUNCTION correction_moves_on();
CREATE TRIGGER accounts_correction_never_removed BEFORE DELETE OR TRUNCATE ON accounts_correction
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

# Lines come in the transaction that asks, so that what is approved is what was asked.
LINES_COME_WITH_THE_REQUEST = """
CREATE FUNCTION correction_lines_come_with_it() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM accounts_correction WHERE id = NEW.correction_id AND asked_at = now()) THEN
        RAISE EXCEPTION 'a correction gets its lines when it is asked for'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER correction_lines_come_with_it BEFORE INSERT ON accounts_correctionline
    FOR EACH ROW EXECUTE FUNCTION correction_lines_come_with_it();
"""


def correction_guards():
    """Migration operation: requests are never removed, each step is written once, lines come with the request."""
    return migrations.RunSQL(
        CORRECTION_MOVES_ON + LINES_COME_WITH_THE_REQUEST,
        "DROP TRIGGER correction_lines_come_with_it ON accounts_correctionline;"
        "DROP FUNCTION correction_lines_come_with_it();"
        "DROP TRIGGER accounts_correction_never_removed ON accounts_correction;"
        "DROP TRIGGER correction_moves_on ON accounts_correction; DROP FUNCTION correction_moves_on();",
    )
