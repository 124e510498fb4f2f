"""What the database keeps true of closed years, whoever writes to them."""

from django.db import migrations

BATCH_IN_OPEN_YEAR = """
CREATE FUNCTION batch_in_open_year() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    found record;
BEGIN
    FOR found IN
        SELECT a.source_ref, a.booked_month, c.year FROM added a JOIN accounts_closedyear c USING (scheme, area_code)
        WHERE a.booked_month < make_date(c.year + 1, 1, 1) LIMIT 1
    LOOP
        RAISE EXCEPTION 'batch % is booked in %, and the year % is closed',
            found.source_ref, to_char(found.booked_month, 'YYYY-MM'), found.year
            USING ERRCODE = 'integrity_constraint_violation';
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER batch_in_open_year AFTER INSERT ON accounts_batch
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION batch_in_open_year();
"""


def year_guards():
    """Migration operation: no batch is booked into a closed year."""
    return migrations.RunSQL(
        BATCH_IN_OPEN_YEAR,
        "DROP TRIGGER batch_in_open_year ON accounts_batch; DROP FUNCTION batch_in_open_year();",
    )
