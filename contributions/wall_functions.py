"""Whom an employer's list names: the people with lines of this employer, by name and number, and nobody else.

An agent's inquiry opens no person's record, so the tables of persons and numbers stay shut (portal/walls.py).
"""

from django.db import migrations

from inquiries.wall_functions import definer

# As in documents/lines.py: nobody pays, and nothing falls due, more than a year before the month covered.
EMPLOYEES = """
    RETURN QUERY
    WITH own AS MATERIALIZED (SELECT inquiry_employer() AS employer), found AS (
        SELECT c.person_id AS id FROM contributions_contribution c
        WHERE c.employer_id = (SELECT employer FROM own) AND c.period >= first AND c.period < until
          AND c.booked_month >= (first - interval '1 year')::date AND c.scheme = ANY (schemes)
        UNION
        SELECT a.person_id FROM contributions_assessment a
        WHERE a.employer_id = (SELECT employer FROM own) AND a.period >= first AND a.period < until
          AND a.due_month >= (first - interval '1 year')::date AND a.scheme = ANY (schemes)
    ), whose AS (
        SELECT DISTINCT coalesce(m.merged_into_id, f.id) AS id FROM found f LEFT JOIN merged_person m ON m.id = f.id
    )
    SELECT p.id, p.name::text, n.number_encrypted FROM whose JOIN registry_insuredperson p ON p.id = whose.id
    LEFT JOIN registry_identifier n ON n.person_id = p.id AND n.is_main;
"""

FUNCTIONS = {
    "employees(date, date, text[])": definer(
        "employees(first date, until date, schemes text[])",
        "TABLE (person_id bigint, name text, number_encrypted bytea)",
        EMPLOYEES,
    )
}


def wall_functions():
    """Migration operation: the employees of the open inquiry's employer."""
    drops = "".join(f"DROP FUNCTION {signature};" for signature in FUNCTIONS)
    return migrations.RunSQL("".join(FUNCTIONS.values()), drops)
