"""Feed files may not book into a closed year: late facts keep their month covered and are booked in an open month."""

from dataclasses import replace

from django.utils.translation import gettext as _

from contributions.already_there import KNOWN
from registry.feed.kinds import Reject
from registry.feed.rejects import MOST

OPEN_MONTH = """
SELECT greatest(
    (SELECT booked_month FROM accounts_batch WHERE scheme = %s AND area_code = %s ORDER BY booked_month DESC LIMIT 1),
    (SELECT make_date(max(year) + 1, 1, 1) FROM accounts_closedyear WHERE scheme = %s AND area_code = %s)
)
"""


def open_month(cursor, scheme, area_code):
    """The month in which late facts are booked: the latest of that scheme and area that has a batch, not the clock's.

    Where that year is closed already, the first month after it; None where there is neither batch nor closed year.
    """
    cursor.execute(OPEN_MONTH, [scheme, area_code] * 2)
    return cursor.fetchone()[0]


def booked_in_an_open_year(cursor, table):
    """Yield a Reject for each new line whose booked month lies in a year whose statements are issued. One query."""
    cursor.execute(
        f"SELECT t.row, to_char(t.booked_month, 'YYYYMM'), c.year FROM {table} t "
        "JOIN (SELECT scheme, area_code, max(year) AS year FROM accounts_closedyear GROUP BY 1, 2) c "
        "ON c.scheme = t.scheme AND c.area_code = t.area_code "
        f"WHERE t.booked_month < make_date(c.year + 1, 1, 1) AND t.row NOT IN (SELECT row FROM {KNOWN}) "
        f"ORDER BY t.row LIMIT {MOST + 1}"
    )
    for row, booked, year in cursor.fetchall():
        yield Reject(
            row, "booked_month", booked, _("booked month: after %(year)s-12, the year is closed") % {"year": year}
        )


def refusing_closed_years(kinds):
    """The kinds, those with a booked month also checked for closed years, after they know which lines are new."""
    return [
        replace(kind, checks=(*kind.checks, booked_in_an_open_year)) if "booked_month" in kind.title_of else kind
        for kind in kinds
    ]
