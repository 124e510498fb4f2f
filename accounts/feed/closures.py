"""The end of personal accounts (账户终结): what they held is paid out, and nothing comes to them any more."""

from django.utils.translation import gettext as _

from accounts.closings import KIND
from accounts.crediting import settle
from accounts.models import Closure, Relation
from contributions.already_there import KNOWN, already_there
from contributions.feed import AGENCY, AREA, BOOKED, LINE, SCHEME, agency_keeps_the_records, record_keeper
from registry.feed.columns import Money, Month, Text, Word
from registry.feed.kinds import Kind
from registry.feed.people import Person
from registry.feed.records import reject_rows, same_names

from .limits import overdrawn
from .posting import Posting
from .spending import RELATIONS

REASONS = {
    "死亡": Closure.Reason.DEATH,
    "丧失国籍": Closure.Reason.LOST_NATIONALITY,
    "出境定居": Closure.Reason.SETTLED_ABROAD,
    "退出居民养老保险": Closure.Reason.LEFT_RESIDENT_SCHEME,
    "其他": Closure.Reason.OTHER,
}
PAYEES = RELATIONS | {"其他继承人": Relation.OTHER}
KEY = same_names("person_id", "booked_month", "scheme", "slip_no", "line")
CONTENT = same_names("area_code", "reason", "period", "payee", "document_no", "amount", "note")
NEW = f"t.row NOT IN (SELECT row FROM {KNOWN})"
SAME_ACCOUNT = "a.person_id = t.person_id AND a.scheme = t.scheme AND a.area_code = t.area_code"
ENTRIES = f"""
    SELECT batch_no, person_id, {KIND} AS kind, row AS line, period, -amount AS amount, NULL::bigint AS rule_id,
        row AS feed_row
    FROM ledger_line WHERE amount <> 0
"""
FUND = "SELECT batch_no, 'benefits' AS kind, sum(amount) AS amount FROM ledger_line GROUP BY batch_no"
# What is computed or corrected later never stands in the way of a closing: a second line pays it out.
NOT_IN_THE_WAY = "('closing', 'interest', 'reversal', 'manual')"
CLOSE = f"""
    UPDATE accounts_account a SET status = 'closed', closed_month = least(a.closed_month, t.month)
    FROM (
        SELECT person_id, scheme, area_code, min(booked_month) AS month FROM ledger_line GROUP BY 1, 2, 3
    ) t WHERE {SAME_ACCOUNT} AND (a.closed_month IS NULL OR a.closed_month > t.month)
"""


def _known_closures(cursor, table):
    yield from already_there(cursor, table, Closure, KEY, CONTENT, month="booked_month")


REASON, PAYEE = Word("终结原因", "reason", words=REASONS), Word("领取人关系", "payee", words=PAYEES)


def _reasons_fit(cursor, table):
    for column, shown, wrong, expected in (
        (
            *("payee", PAYEE.as_written, "reason = 'death' AND payee = 'self'"),
            _("an heir: the account of a deceased person is inherited"),
        ),
        (
            *("payee", PAYEE.as_written, "reason <> 'death' AND payee <> 'self'"),
            _("the holder herself: only a death leaves heirs"),
        ),
        (
            *("reason", REASON.as_written, "reason = 'left_resident' AND scheme <> 'pension_resident'"),
            _("another reason: only resident old-age insurance can be left"),
        ),
        ("note", "note", "reason = 'other' AND note = ''", _("the reason in words")),
        (
            *("period", "to_char(period, 'YYYYMM')", "period > booked_month"),
            _("a month not after the one it is booked in"),
        ),
    ):
        yield from reject_rows(cursor, f"SELECT row, {shown} FROM {table} t WHERE {wrong}", column, expected)


def _accounts_can_be_closed(cursor, table):
    """There is an account, and nothing was booked on it after the month in which it is to be closed."""
    query = (
        f"SELECT t.row, {SCHEME.as_written} FROM {table} t WHERE {NEW} "
        f"AND NOT EXISTS (SELECT FROM accounts_account a WHERE {SAME_ACCOUNT})"
    )
    expected = _("an insurance and area in which the person has a personal account")
    yield from reject_rows(cursor, query, "scheme", expected)
    query = (
        f"SELECT t.row, to_char(t.booked_month, 'YYYYMM') FROM {table} t JOIN accounts_account a ON {SAME_ACCOUNT} "
        f"WHERE {NEW} AND (a.closed_month IS NULL OR a.closed_month > t.booked_month) AND EXISTS ("
        "SELECT FROM accounts_entry e JOIN accounts_batch b ON b.id = e.batch_id "
        "WHERE e.person_id = t.person_id AND e.booked_month > t.booked_month AND e.scheme = t.scheme "
        f"AND e.area_code = t.area_code AND b.kind NOT IN {NOT_IN_THE_WAY})"
    )
    expected = _("a month after which nothing is booked on the account")
    yield from reject_rows(cursor, query, "booked_month", expected)


def _payouts_are_covered(cursor, table):
    """No more is paid out than the account holds with the interest of its last months, which is credited first.

    That is done here and not when the lines are stored: a refused file is rolled back whole, interest and all.
    """
    settle(
        cursor,
        f"SELECT t.person_id, t.scheme, t.area_code, min(t.booked_month) AS month FROM {table} t "
        f"JOIN accounts_account a ON {SAME_ACCOUNT} WHERE {NEW} AND a.status <> 'closed' GROUP BY 1, 2, 3",
    )
    lines = f"SELECT t.row, t.person_id, t.scheme, t.area_code, -t.amount AS amount FROM {table} t WHERE {NEW}"
    yield from overdrawn(cursor, lines, "amount")


_post = Posting(Closure, KEY | CONTENT, "'closing'", ENTRIES, FUND)


def _post_and_close(cursor, table, feed_file_id):
    stored = _post(cursor, table, feed_file_id)
    if stored.added:
        cursor.execute(CLOSE)
    return stored


CLOSURES = Kind(
    "closures",
    "账户终结",
    (
        Text("业务流水号", "slip_no", max_length=40),
        LINE,
        AGENCY,
        Person(),
        SCHEME,
        AREA,
        REASON,
        Month("终结年月", "period"),
        BOOKED,
        PAYEE,
        Text("文件编号", "document_no", max_length=60),
        Money("支付金额", "amount"),
        Text("说明", "note", required=False, max_length=200),
    ),
    key=tuple(KEY),
    store=_post_and_close,
    checks=(
        agency_keeps_the_records(record_keeper),
        _known_closures,
        _reasons_fit,
        _accounts_can_be_closed,
        _payouts_are_covered,
    ),
    has_control_total=True,
    amounts=("amount",),
    source="benefits",
)
