"""Months for which the law takes no contribution in a scheme: nothing is missing where nothing was to be paid.

Maternity insurance is paid inside the medical rate since the two were merged (国办发〔2019〕10号).
"""

from datetime import date
from typing import NamedTuple

from registry.asking import Question, ask


class RateRow(NamedTuple):
    """Whether anything is paid by one rule, for the months covered [since, until)."""

    area: str
    scheme: str
    category: str
    since: date
    until: date | None
    is_free: bool
    source: str


# The nearest area's row first, as ContributionRule.objects.in_force would choose; a rate that is null is paid.
RATES = Question(
    """
SELECT asked.code, r.scheme, r.category, lower(r.period), upper(r.period),
       coalesce(r.er_rate = 0 AND r.ind_rate = 0, false), r.source
FROM unnest(%(areas)s::text[]) AS asked(code), area_chain(asked.code) AS chain, contributions_contributionrule r
WHERE r.state = 'in_force' AND r.area_code = ANY (chain) AND r.scheme = ANY (%(schemes)s::text[])
ORDER BY asked.code, array_position(chain, r.area_code), r.origin, r.risk_class NULLS LAST
""",
    RateRow,
)


def rate_rows(areas, schemes):
    """The RateRows that reach the areas (codes), in the order in which they go before one another. One query."""
    [rows] = ask(RATES.of(areas=sorted(areas), schemes=[str(scheme) for scheme in schemes]))
    return rows


def rows_for(rows, enrolment):
    """The RateRows that may hold for an enrolment, in the order in which they go before one another.

    Where the law says nothing of the enrolment's category, as of a retiree's in a scheme of employees, the others tell.
    """
    mine = [row for row in rows if (row.area, row.scheme) == (enrolment.area_id, enrolment.scheme)]
    return sorted(mine, key=lambda row: row.category != enrolment.category)


def free_by(rows, covered):
    """The row of `rows_for` by which a month costs nothing, or None: something is paid, or no rule is known."""
    row = next((row for row in rows if row.since <= covered and (row.until is None or covered < row.until)), None)
    return row if row and row.is_free else None
