"""What the database itself keeps true of questions about look-ups, delayed displays and exports, whoever writes.

And `delayed_inquiries()`, with which the wall of the access log compares: the inquiries about the open record that a
legal order of secrecy hides today; none for auditors.
"""

from django.db import migrations

from .wall_functions import OPEN, definer

LONGEST_DELAY = 180  # days, for each order and each renewal: our own limit, no law's
TODAY = "(now() AT TIME ZONE 'Asia/Shanghai')::date"

# An order that renews another hides what the first one hid: from the moment the first was approved.
DELAYED = f"""
    IF EXISTS (SELECT FROM inquiries_inquiry i WHERE {OPEN} AND i.capacity = 'auditor') THEN
        RETURN '{{}}';
    END IF;
    RETURN ARRAY(
        SELECT i.id FROM inquiries_delayeddisplay d
        JOIN inquiries_delayeddisplay first ON first.id = coalesce(d.renews_id, d.id)
        JOIN inquiries_inquiry i ON i.person_id = d.person_id AND i.reference = d.document_no
        WHERE d.person_id = ANY (inquiry_persons()) AND d.decision = 'approved' AND d.shown_from > {TODAY}
            AND i.capacity IN ('operator', 'auditor') AND i.opened_at >= first.decided_at);
"""
# For the desk of operators, who have no inquiry open: how many wait and until when, never whose they are.
COUNTED = """
    RETURN QUERY SELECT count(*), min(q.due_on) FROM inquiries_lookquestion q
    WHERE q.agency_id = agency AND q.answer = '';
"""
COUNT = {
    "questions_counted(text)": definer(
        "questions_counted(agency text)", "TABLE (waiting bigint, first_due date)", COUNTED
    )
}
FUNCTIONS = {"delayed_inquiries()": definer("delayed_inquiries()", "bigint[]", DELAYED)}

QUESTION_MOVES_ON = """
CREATE FUNCTION look_question_moves_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.answer <> '' THEN
            RAISE EXCEPTION 'a question begins without an answer' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        NEW.asked_at := now();
        RETURN NEW;
    END IF;
    IF OLD.answer <> '' OR (to_jsonb(NEW) - '{answer,answered_by_id,answered_at}'::text[])
        IS DISTINCT FROM (to_jsonb(OLD) - '{answer,answered_by_id,answered_at}'::text[])
    THEN
        RAISE EXCEPTION 'a question never changes, and is answered once'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF EXISTS (SELECT FROM inquiries_inquiry i WHERE i.id = NEW.inquiry_id AND i.user_id = NEW.answered_by_id) THEN
        RAISE EXCEPTION 'whoever looked does not answer why' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER look_question_moves_on BEFORE INSERT OR UPDATE ON inquiries_lookquestion
    FOR EACH ROW EXECUTE FUNCTION look_question_moves_on();
CREATE TRIGGER inquiries_lookquestion_never_removed BEFORE DELETE OR TRUNCATE ON inquiries_lookquestion
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
DELAY_MOVES_ON = f"""
CREATE FUNCTION delayed_display_moves_on() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    decided text[] := '{{decision,decided_by_id,decided_at}}';
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.asked_at := now();
        IF NEW.decision <> '' THEN
            RAISE EXCEPTION 'a delay begins as a request' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF NEW.shown_from <= {TODAY} OR NEW.shown_from > {TODAY} + {LONGEST_DELAY} THEN
            RAISE EXCEPTION 'a delay ends within {LONGEST_DELAY} days' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF NEW.renews_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM inquiries_delayeddisplay d WHERE d.id = NEW.renews_id AND d.renews_id IS NULL
                AND d.decision = 'approved' AND (d.person_id, d.document_no) = (NEW.person_id, NEW.document_no))
        THEN
            RAISE EXCEPTION 'a renewal is of the same person and document'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.decision <> '' OR (to_jsonb(NEW) - decided) IS DISTINCT FROM (to_jsonb(OLD) - decided) THEN
        RAISE EXCEPTION 'a delay never changes, and is decided once' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    NEW.decided_at := clock_timestamp();
    IF NEW.decision = 'approved' AND NEW.renews_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM inquiries_delayeddisplay d WHERE NEW.renews_id IN (d.id, d.renews_id)
            AND d.decision = 'approved' AND d.shown_from > {TODAY})
    THEN
        RAISE EXCEPTION 'what was shown stays shown: a renewal is approved before the delay ends'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER delayed_display_moves_on BEFORE INSERT OR UPDATE ON inquiries_delayeddisplay
    FOR EACH ROW EXECUTE FUNCTION delayed_display_moves_on();
CREATE TRIGGER inquiries_delayeddisplay_never_removed BEFORE DELETE OR TRUNCATE ON inquiries_delayeddisplay
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
UNDO = """
DROP TRIGGER inquiries_delayeddisplay_never_removed ON inquiries_delayeddisplay;
DROP TRIGGER delayed_display_moves_on ON inquiries_delayeddisplay; DROP FUNCTION delayed_display_moves_on();
DROP TRIGGER inquiries_lookquestion_never_removed ON inquiries_lookquestion;
DROP TRIGGER look_question_moves_on ON inquiries_lookquestion; DROP FUNCTION look_question_moves_on();
DROP FUNCTION delayed_inquiries();
"""


def look_guards():
    """Migration operation: steps written once, nothing removed, two people, and what the wall of the log asks."""
    return migrations.RunSQL("".join(FUNCTIONS.values()) + QUESTION_MOVES_ON + DELAY_MOVES_ON, UNDO)


def questions_counted():
    """Migration operation: what the desk says of open questions."""
    return migrations.RunSQL("".join(COUNT.values()), "".join(f"DROP FUNCTION {each};" for each in COUNT))
