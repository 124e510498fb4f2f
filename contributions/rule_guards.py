"""What the pages may do to the rules: propose a local draft, approve another person's, withdraw. Migration operations.

The web role may insert, and update the columns that these deeds set; a trigger refuses every other use of these
rights. Approval and the withdrawal of a rule in force take two people (RuleDeed says who asked and who did it). The
trigger looks after the row, because generated columns have no value before.
"""

from django.db import migrations

from contributions.rule_functions import keep

# Persons are compared with the staff of the day: whoever signs as an operator must be one.
GUARD = """
CREATE FUNCTION guard_local_rule() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    deed constant text[] := CASE WHEN NEW.state = 'withdrawn' THEN ARRAY['state', 'withdrawn_at']
                                 ELSE ARRAY['state', 'approved_by_id'] END;
    person bigint;
    is_allowed boolean;
BEGIN
    IF current_user <> 'portal_web' THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'INSERT' THEN
        is_allowed := NEW.origin = 'local' AND NEW.state = 'draft' AND NEW.approved_by_id IS NULL;
        person := NEW.proposed_by_id;
    ELSE
        is_allowed := OLD.origin = 'local' AND to_jsonb(NEW) - deed = to_jsonb(OLD) - deed
            AND ((OLD.state = 'draft' AND NEW.state = 'in_force' AND NEW.approved_by_id <> OLD.proposed_by_id)
                 OR (OLD.state IN ('draft', 'in_force') AND NEW.state = 'withdrawn'));
        person := CASE WHEN NEW.state = 'in_force' THEN NEW.approved_by_id END;
        IF is_allowed AND OLD.state = 'in_force' THEN
            SELECT done.user_id INTO person
            FROM contributions_ruledeed asked JOIN contributions_ruledeed done USING (rule_model, key, version)
            WHERE 'contributions_' || rule_model = TG_TABLE_NAME AND key = OLD.key AND version = OLD.version
                AND asked.deed = 'asked' AND done.deed = 'withdrawn' AND done.user_id <> asked.user_id;
            is_allowed := FOUND;
        END IF;
    END IF;
    IF is_allowed AND person IS NOT NULL THEN
        SELECT EXISTS (
            SELECT FROM inquiries_staffmember s
            WHERE s.user_id = person AND s.role = 'operator' AND s.since <= current_date
                AND (s.until IS NULL OR s.until > current_date)
        ) INTO is_allowed;
    END IF;
    IF is_allowed THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'operators propose a local rule, approve another operator''s, withdraw one: % of % in % is refused',
        TG_OP, NEW.key, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
"""


def keep_rules(*tables):
    """Migration operation: rules in force of these tables stay as they are, as those of the first tables do."""
    untie = "".join(f"DROP TRIGGER {t}_keep ON {t}; DROP TRIGGER {t}_no_truncate ON {t};" for t in tables)
    return migrations.RunSQL("".join(keep(table) for table in tables), untie)


def guard_local_rules(*tables):
    """Migration operation: in these tables the web role does nothing but these deeds on local rules."""
    tie = "".join(
        f"CREATE TRIGGER {t}_local AFTER INSERT OR UPDATE ON {t} FOR EACH ROW EXECUTE FUNCTION guard_local_rule();"
        for t in tables
    )
    untie = "".join(f"DROP TRIGGER {t}_local ON {t};" for t in tables)
    return migrations.RunSQL(GUARD + tie, untie + "DROP FUNCTION guard_local_rule();")
