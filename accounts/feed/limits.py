"""What an account may not do: pay out more than it holds, exist without a rule, take money once it is closed."""

from django.utils.translation import gettext as _

from contributions.already_there import KNOWN
from registry.feed.kinds import Reject
from registry.feed.records import reject_rows
from registry.feed.rejects import MOST
from registry.feed.rows import file_of


def overdrawn(cursor, lines, column, *, is_signed=False):
    """Yield a Reject for each line that takes more from an account than it holds with all lines of the file.

    Of files staged together each counts on those before it, not on those after it.

    lines: SELECT of row, person_id, scheme, area_code and the signed amount of the entry, in yuan. `is_signed`:
    whether the file writes what goes out as a negative amount.
    """
    cursor.execute(f"SELECT EXISTS (SELECT FROM ({lines}) l WHERE l.amount < 0)")
    if not cursor.fetchone()[0]:
        return
    cursor.execute(f"""
        WITH line AS ({lines}), reduced AS (
            SELECT person_id, scheme, area_code, {file_of("row")} AS file, min(amount) AS least,
                sum(sum(amount)) OVER (PARTITION BY person_id, scheme, area_code ORDER BY {file_of("row")}) AS amount
            FROM line
            WHERE (person_id, scheme, area_code) IN (SELECT person_id, scheme, area_code FROM line WHERE amount < 0)
            GROUP BY 1, 2, 3, 4
        ), short AS (
            SELECT r.person_id, r.scheme, r.area_code, r.file, coalesce(a.balance, 0.00) AS balance
            FROM reduced r LEFT JOIN accounts_account a USING (person_id, scheme, area_code)
            WHERE r.least < 0 AND coalesce(a.balance, 0) + r.amount < 0
        )
        SELECT l.row, l.amount, s.balance FROM line l JOIN short s USING (person_id, scheme, area_code)
        WHERE s.file = {file_of("l.row")} AND l.amount < 0 ORDER BY l.row LIMIT {MOST + 1}
    """)
    for row, amount, balance in cursor.fetchall():
        sentence = _("no more than the account holds: %(balance)s") % {"balance": balance}
        yield Reject(row, column, str(amount if is_signed else -amount), sentence)


def account_possible(column):
    """A check: a line that moves money on a personal account is of a scheme for which some rule fills one."""

    def check(cursor, table):
        query = (
            f"WITH named AS MATERIALIZED (SELECT DISTINCT area_code, scheme FROM {table} WHERE {column} <> 0) "
            f"SELECT t.row, t.{column} FROM {table} t WHERE t.{column} <> 0 AND (t.area_code, t.scheme) IN ("
            "SELECT area_code, scheme FROM named WHERE NOT account_possible(area_code, scheme))"
        )
        return reject_rows(cursor, query, column, _("0.00: no rule of this insurance fills a personal account"))

    return check


def closed_accounts(cursor, lines):
    """Yield a Reject for each line that moves money on an account after the month in which the account was closed.

    lines: SELECT of row, person_id, scheme, area_code, booked_month and the signed amount of the entry, in yuan. A line
    of that month or of an earlier one is taken whenever it comes, so that the order of files makes no difference.
    """
    cursor.execute("SELECT EXISTS (SELECT FROM accounts_account WHERE status = 'closed')")
    if not cursor.fetchone()[0]:
        return
    cursor.execute(f"""
        SELECT l.row, l.booked_month, a.closed_month FROM ({lines}) l
        JOIN accounts_account a USING (person_id, scheme, area_code)
        WHERE a.status = 'closed' AND l.booked_month > a.closed_month AND l.amount <> 0
        ORDER BY l.row LIMIT {MOST + 1}
    """)
    for row, booked, closed in cursor.fetchall():
        sentence = _("the account was closed in %(month)s") % {"month": f"{closed:%Y%m}"}
        yield Reject(row, "booked_month", f"{booked:%Y%m}", sentence)


def takes_from(column, *, sign="-"):
    """A check: the new lines take no more from an account than it holds, and nothing moves on a closed one.

    `column` holds the amount; `sign` is "-" where a positive amount leaves the account.
    """

    def check(cursor, table):
        lines = (
            f"SELECT t.row, t.person_id, t.scheme, t.area_code, t.booked_month, {sign}t.{column} AS amount "
            f"FROM {table} t WHERE t.row NOT IN (SELECT row FROM {KNOWN})"
        )
        yield from closed_accounts(cursor, lines)
        yield from overdrawn(cursor, lines, column, is_signed=sign != "-")

    return check
