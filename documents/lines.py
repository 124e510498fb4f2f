"""An employer's lines: what was received for its people, and what was assessed that nothing was received for.

What the employer sees is smaller than what the person sees (MoHRSS Order 14, art. 15; domain.md §9.3): lines that
name this employer as the payer. Whoever left has lines for the months insured through this employer and no others;
nothing is read of balances, benefits or other payers.
"""

from collections import namedtuple

from django.db import connection

from registry.insurance import SCHEMES_OF
from registry.months import add_months

# A duplicate that was merged keeps its records (registry.InsuredPerson): every line belongs to the person it turned
# out to be, so that a month paid under the one number is not in arrears under the other. The few duplicates are joined,
# not the persons, of whom there are millions. Not materialized: a question carries only the columns that it asks for.
# Nobody pays, and nothing falls due, more than a year before the month covered: earlier years' partitions stay closed.
LINES = """
WITH duplicate AS NOT MATERIALIZED (
    SELECT id, merged_into_id FROM merged_person
), received AS NOT MATERIALIZED (
    SELECT COALESCE(d.merged_into_id, c.person_id) AS person_id, c.scheme, c.period, c.kind, c.booked_month, c.base,
           c.er_share, c.ind_share, c.late_fee, c.received_on, NULL::date AS due_on, c.slip_no AS paper_no, c.line
    FROM contributions_contribution c LEFT JOIN duplicate d ON d.id = c.person_id
    WHERE c.employer_id = %(employer)s AND c.period >= %(start)s AND c.period < %(until)s
      AND c.booked_month >= %(earliest)s AND c.scheme = ANY(%(schemes)s)
), assessed AS NOT MATERIALIZED (
    SELECT COALESCE(d.merged_into_id, a.person_id) AS person_id, a.scheme, a.period, '' AS kind,
           NULL::date AS booked_month, a.base, a.er_share, a.ind_share, 0.00 AS late_fee, NULL::date AS received_on,
           a.due_on, a.assessment_no AS paper_no, a.line
    FROM contributions_assessment a LEFT JOIN duplicate d ON d.id = a.person_id
    WHERE a.employer_id = %(employer)s AND a.period >= %(start)s AND a.period < %(until)s
      AND a.due_month >= %(earliest)s AND a.scheme = ANY(%(schemes)s)
), line AS NOT MATERIALIZED (
    SELECT * FROM received
    UNION ALL
    SELECT * FROM assessed a
    WHERE NOT EXISTS (
        SELECT FROM received r WHERE r.person_id = a.person_id AND r.scheme = a.scheme AND r.period = a.period)
)
"""

FIRST_AND_LAST = """
SELECT LEAST(c.first, a.first) AS first, GREATEST(c.last, a.last) AS last
FROM (SELECT min(period) AS first, max(period) AS last
      FROM contributions_contribution WHERE employer_id = %(employer)s) c,
     (SELECT min(period) AS first, max(period) AS last
      FROM contributions_assessment WHERE employer_id = %(employer)s) a
"""


def first_and_last_month(employer):
    """(first, last) month covered by any line of the employer; Nones where it has none."""
    return _select(FIRST_AND_LAST, {"employer": employer.pk})[0]


def select(question, employer, start, until, insurances, **parameters):
    """Rows that answer a question to the `line`s of the months [start, until); each is a named tuple."""
    schemes = [scheme.value for insurance in insurances for scheme in SCHEMES_OF[insurance]]
    parameters |= {"employer": employer.pk, "start": start, "until": until, "earliest": add_months(start, -12)}
    return _select(LINES + question, parameters | {"schemes": schemes})


def _select(sql, parameters):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        row = namedtuple("row", [column.name for column in cursor.description])
        return [row._make(values) for values in cursor]
