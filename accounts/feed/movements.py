"""Movements of personal accounts (个人账户变动): what is neither a contribution nor a benefit."""

from django.utils.translation import gettext as _

from accounts.models import Movement
from accounts.quotas import A_TWELFTH, AGE, QUOTAS_REACHING
from contributions.already_there import KNOWN, already_there
from contributions.feed import AGENCY, AREA, BOOKED, LINE, SCHEME, agency_keeps_the_records, record_keeper
from registry.feed.columns import Money, Month, Text, Word
from registry.feed.kinds import Kind, Reject
from registry.feed.people import Person
from registry.feed.records import reject_rows, same_names
from registry.feed.rejects import MOST

from .limits import account_possible, takes_from
from .posting import Posting

KINDS_OF_MOVEMENT = {
    "统筹划入": Movement.Kind.POOL_ALLOCATION,
    "账户退费": Movement.Kind.REFUND,
    "抵扣多发待遇": Movement.Kind.OFFSET_OVERPAYMENT,
    "转出": Movement.Kind.TRANSFER_OUT,
    "手工调整": Movement.Kind.MANUAL,
}
KEY = same_names("person_id", "booked_month", "scheme", "slip_no", "line")
CONTENT = same_names("area_code", "kind", "period", "amount", "pooled_amount", "reason", "document_no")

# Which rule in force gives a quota from the pool, for each month, area and scheme of a table.
QUOTA_RULES = """
    SELECT q.area_code, q.scheme, q.period, (
        SELECT min(r.id) FROM contributions_contributionrule r WHERE r.pool_quota AND r.id IN (
            SELECT contribution_rule_for(q.area_code, q.scheme, c.category, NULL, q.period)
            FROM (SELECT DISTINCT category FROM contributions_contributionrule WHERE pool_quota) c
        )
    ) AS rule_id
    FROM (SELECT DISTINCT area_code, scheme, period FROM {table} WHERE kind = 'pool_allocation') q
"""
ENTRIES = f"""
    SELECT l.batch_no, l.person_id, l.kind, l.row AS line, l.period, l.amount,
        CASE WHEN l.kind = 'pool_allocation' THEN q.rule_id END AS rule_id, l.row AS feed_row
    FROM ledger_line l LEFT JOIN ({QUOTA_RULES.format(table="ledger_line")}) q USING (area_code, scheme, period)
    WHERE l.amount <> 0
"""
FUND = """
    SELECT s.batch_no, f.kind, f.amount
    FROM (
        SELECT batch_no, sum(pooled_amount) AS pooled_amount,
            coalesce(sum(amount) FILTER (WHERE kind IN ('pool_allocation', 'offset_overpayment')), 0) AS pool,
            coalesce(sum(amount) FILTER (WHERE kind = 'refund'), 0) AS refunded,
            coalesce(sum(amount) FILTER (WHERE kind = 'transfer_out'), 0) AS moved,
            coalesce(sum(amount) FILTER (WHERE kind = 'manual'), 0) AS adjusted
        FROM ledger_line GROUP BY batch_no
    ) s CROSS JOIN LATERAL (VALUES
        ('pooled', -s.pool - s.pooled_amount), ('benefits', -s.refunded),
        ('transfers', s.pooled_amount - s.moved), ('adjustments', -s.adjusted)
    ) f (kind, amount)
"""


def _known_movements(cursor, table):
    yield from already_there(cursor, table, Movement, KEY, CONTENT, month="booked_month")


def _signs_of_movements(cursor, table):
    """Each kind says itself whether money comes or goes; the file's amount must agree."""
    comes, goes = _("an amount above zero: it comes to the account"), _("an amount below zero: it leaves the account")
    for wrong, expected in (
        ("kind = 'pool_allocation' AND amount <= 0", comes),
        ("kind IN ('refund', 'offset_overpayment') AND amount >= 0", goes),
        ("kind = 'transfer_out' AND (amount > 0 OR amount = 0 AND pooled_amount = 0)", goes),
        ("kind = 'manual' AND amount = 0", _("an amount above or below zero")),
    ):
        yield from reject_rows(cursor, f"SELECT row, amount FROM {table} WHERE {wrong}", "amount", expected)
    query = f"SELECT row, pooled_amount FROM {table} WHERE kind <> 'transfer_out' AND pooled_amount <> 0"
    yield from reject_rows(
        cursor, query, "pooled_amount", _("0.00: only a transfer takes money of the pooled fund along")
    )


def _adjustments_are_explained(cursor, table):
    for column, expected in (
        ("reason", _("the reason: an adjustment by hand is never without one")),
        ("document_no", _("the number of the document on which the adjustment rests")),
    ):
        query = f"SELECT row, {column} FROM {table} WHERE kind = 'manual' AND {column} = ''"
        yield from reject_rows(cursor, query, column, expected)


def _quotas_have_a_rule(cursor, table):
    """The pool gives only where a rule in force for the month says so (国办发〔2021〕14号)."""
    query = (
        f"SELECT t.row, to_char(t.period, 'YYYYMM') FROM {table} t "
        f"JOIN ({QUOTA_RULES.format(table=table)}) q USING (area_code, scheme, period) "
        "WHERE t.kind = 'pool_allocation' AND q.rule_id IS NULL"
    )
    expected = _("a month for which a rule in force gives the account a quota from the pooled fund")
    yield from reject_rows(cursor, query, "period", expected)


def _quotas_are_as_published(cursor, table):
    """A quota is a twelfth of the yearly amount for the area and the holder's age, or that amount.

    Where no amount is published for the area, nothing is compared. The age is that at the end of the month covered.
    """
    cursor.execute(f"SELECT EXISTS (SELECT FROM {table} WHERE kind = 'pool_allocation')")
    if not cursor.fetchone()[0]:
        return
    cursor.execute(f"""
        WITH reach AS MATERIALIZED ({QUOTAS_REACHING.format(table=f"{table} WHERE kind = 'pool_allocation'")}
            AND q.state = 'in_force'), asked AS (
            SELECT DISTINCT ON (t.row) t.row, t.amount, q.amount AS yearly, {A_TWELFTH} AS monthly
            FROM {table} t JOIN registry_insuredperson p ON p.id = t.person_id
            JOIN reach q ON q.area_code = t.area_code AND q.scheme = t.scheme AND q.period @> t.period
                AND q.ages @> {AGE.format(month="t.period")}
            WHERE t.kind = 'pool_allocation' AND t.row NOT IN (SELECT row FROM {KNOWN})
            ORDER BY t.row, q.nearness, q.origin
        )
        SELECT row, amount, monthly, yearly FROM asked WHERE amount NOT IN (monthly, yearly)
        ORDER BY row LIMIT {MOST + 1}
    """)
    for row, amount, monthly, yearly in cursor.fetchall():
        expected = _("%(monthly)s, a twelfth of the quota of that area and age, or the whole year's %(yearly)s")
        yield Reject(row, "amount", str(amount), expected % {"monthly": monthly, "yearly": yearly})


MOVEMENTS = Kind(
    "account_movements",
    "个人账户变动",
    (
        Text("业务流水号", "slip_no", max_length=40),
        LINE,
        AGENCY,
        Person(),
        SCHEME,
        AREA,
        Word("账户变动类型", "kind", words=KINDS_OF_MOVEMENT),
        Month("变动所属期", "period"),
        BOOKED,
        Money("变动金额", "amount", signed=True),
        Money("统筹基金转出金额", "pooled_amount"),
        Text("变动原因", "reason", required=False, max_length=200),
        Text("文件编号", "document_no", required=False, max_length=60),
    ),
    key=tuple(KEY),
    store=Posting(Movement, KEY | CONTENT, "'movement'", ENTRIES, FUND),
    checks=(
        agency_keeps_the_records(record_keeper),
        _known_movements,
        account_possible("amount"),
        _signs_of_movements,
        _adjustments_are_explained,
        _quotas_have_a_rule,
        _quotas_are_as_published,
        takes_from("amount", sign="+"),
    ),
    has_control_total=True,
    amounts=("amount", "pooled_amount"),
    source="benefits",
)
