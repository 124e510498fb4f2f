"""The rules inside the database: functions for set-based work, and the trigger that keeps a rule in force as it is.

They answer as their Python twins do (`contributions/rates.py`, `ContributionRule.objects.in_force`,
`BaseBound.objects.in_force`); tests/contributions/test_rule_functions.py holds each pair together. An unknown rounding
mode gives null, which no column of money accepts; the tables' own columns hold known modes only.
"""

from django.db import migrations

ARITHMETIC = """
CREATE FUNCTION round_money(amount numeric, mode text) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE mode
        WHEN 'HALF_UP_FEN' THEN round(amount, 2)
        WHEN 'YUAN_BASE_FLOOR' THEN round(amount, 2)
        WHEN 'CEIL_JIAO' THEN round(sign(amount) * ceil(abs(round(amount, 2)) * 10) / 10, 2)
    END
$$;

CREATE FUNCTION contribution_base(base numeric, mode text) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN mode = 'YUAN_BASE_FLOOR' THEN trunc(base) ELSE base END
$$;

CREATE FUNCTION account_share(base numeric, amount numeric, rate numeric, to_account numeric, mode text)
RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN to_account = 0 THEN 0.00
        WHEN to_account = coalesce(rate, 1) THEN amount
        ELSE sign(amount)
            * least(round_money(contribution_base(abs(base), mode) * to_account, mode), abs(amount))
    END
$$;
"""

# The depth ends a circle of parents, which no constraint of the areas forbids.
AREA_CHAIN = """
CREATE FUNCTION area_chain(area text) RETURNS text[]
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    WITH RECURSIVE over(code, depth) AS (
        SELECT area, 1
        UNION ALL
        SELECT a.parent_id::text, over.depth + 1
        FROM over JOIN registry_area a ON a.code = over.code
        WHERE a.parent_id IS NOT NULL AND over.depth < 8
    )
    SELECT array_agg(code ORDER BY depth) || ''::text FROM over
$$;
"""

# 'local' stands before 'national' in the alphabet: what the locality made goes first.
RULE_FOR = """
CREATE FUNCTION contribution_rule_for(area text, scheme text, category text, risk_class integer, month date)
RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT r.id
    FROM contributions_contributionrule r, area_chain(contribution_rule_for.area) AS chain
    WHERE r.state = 'in_force'
        AND r.area_code = ANY (chain)
        AND r.scheme = contribution_rule_for.scheme
        AND r.category = contribution_rule_for.category
        AND r.period @> contribution_rule_for.month
        AND (r.risk_class IS NULL OR r.risk_class = contribution_rule_for.risk_class)
    ORDER BY array_position(chain, r.area_code), r.origin, r.risk_class NULLS LAST
    LIMIT 1
$$;

CREATE FUNCTION base_bound_for(area text, scheme text, month date)
RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT b.id
    FROM contributions_basebound b, area_chain(base_bound_for.area) AS chain
    WHERE b.state = 'in_force'
        AND b.area_code = ANY (chain)
        AND b.scheme = base_bound_for.scheme
        AND b.period @> base_bound_for.month
    ORDER BY array_position(chain, b.area_code), b.origin
    LIMIT 1
$$;
"""

# After the row, not before it: only then do generated columns have their values.
KEEP_RULE = """
CREATE FUNCTION keep_rule() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    told constant text[] := ARRAY['state', 'withdrawn_at', 'source', 'note', 'confirmed'];
BEGIN
    IF OLD.state = 'draft' THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.state = 'in_force' AND NEW.state <> 'draft'
            AND to_jsonb(NEW) - told = to_jsonb(OLD) - told THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'rule % version % of % is %: % is refused', OLD.key, OLD.version, TG_TABLE_NAME, OLD.state, TG_OP
        USING ERRCODE = 'insufficient_privilege', HINT = 'Withdraw it and put a new version in its place.';
END $$;
"""

TABLES = [
    f"contributions_{name}"
    for name in (
        "accountquota",
        "basebound",
        "calculationbase",
        "contributionrule",
        "creditingrate",
        "interestrounding",
        "latefeerate",
        "residenttier",
    )
]


def keep(table):
    """The triggers under which a rule in force of the table stays as it is."""
    return (
        f"CREATE TRIGGER {table}_keep AFTER UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION keep_rule();"
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} EXECUTE FUNCTION refuse_change();"
    )


def rule_functions():
    """Migration operation: the functions over the rule tables and the triggers on them."""
    drops = "".join(
        f"DROP FUNCTION {function};"
        for function in (
            "base_bound_for(text, text, date)",
            "contribution_rule_for(text, text, text, integer, date)",
            "area_chain(text)",
            "account_share(numeric, numeric, numeric, numeric, text)",
            "contribution_base(numeric, text)",
            "round_money(numeric, text)",
        )
    )
    untie = "".join(f"DROP TRIGGER {t}_keep ON {t}; DROP TRIGGER {t}_no_truncate ON {t};" for t in TABLES)
    return migrations.RunSQL(
        ARITHMETIC + AREA_CHAIN + RULE_FOR + KEEP_RULE + "".join(keep(table) for table in TABLES),
        untie + "DROP FUNCTION keep_rule();" + drops,
    )
