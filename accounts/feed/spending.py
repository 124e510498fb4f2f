"""Spending from medical accounts (个人账户支出) at designated hospitals and pharmacies, and family mutual aid."""

from django.utils.translation import gettext as _

from accounts.models import Relation, Spending
from contributions.already_there import KNOWN, already_there
from contributions.feed import AGENCY, AREA, BOOKED, LINE, SCHEME, agency_keeps_the_records, record_keeper
from registry.feed.columns import Day, Money, Name, Text, Word
from registry.feed.kinds import Kind
from registry.feed.people import Person
from registry.feed.records import reject_rows, same_names

from .limits import account_possible, takes_from
from .posting import Posting

VISITS = {
    "门诊": Spending.Visit.OUTPATIENT,
    "住院": Spending.Visit.INPATIENT,
    "门诊慢特病": Spending.Visit.CHRONIC,
    "药店购药": Spending.Visit.PHARMACY,
    "缴纳居民医保费": Spending.Visit.PREMIUM,
}
RELATIONS = {
    "本人": Relation.SELF,
    "配偶": Relation.SPOUSE,
    "父母": Relation.PARENT,
    "子女": Relation.CHILD,
    "兄弟姐妹": Relation.SIBLING,
    "祖父母": Relation.GRANDPARENT,
    "外祖父母": Relation.GRANDPARENT,
    "孙子女": Relation.GRANDCHILD,
    "外孙子女": Relation.GRANDCHILD,
}
KEY = same_names("person_id", "booked_month", "scheme", "slip_no", "line")
CONTENT = same_names(
    *("area_code", "settlement_no", "settled_on", "provider", "visit", "relation"),
    *("total", "from_pool", "from_account", "self_paid"),
)
ENTRIES = """
    SELECT batch_no, person_id, CASE relation WHEN 'self' THEN 'medical_spend' ELSE 'family_aid' END AS kind,
        row AS line, date_trunc('month', settled_on)::date AS period, -from_account AS amount, NULL::bigint AS rule_id,
        row AS feed_row
    FROM ledger_line WHERE from_account <> 0
"""
FUND = """
    SELECT s.batch_no, f.kind, f.amount
    FROM (
        SELECT batch_no, sum(from_pool) AS from_pool, sum(from_account) AS from_account
        FROM ledger_line GROUP BY batch_no
    ) s CROSS JOIN LATERAL (VALUES
        ('pooled', -s.from_pool), ('benefits', s.from_pool + s.from_account)
    ) f (kind, amount)
"""


def _known_spending(cursor, table):
    yield from already_there(cursor, table, Spending, KEY, CONTENT, month="booked_month")


def _of_medical_accounts(cursor, table):
    query = f"SELECT row, {SCHEME.as_written} FROM {table} t WHERE scheme NOT IN ('medical', 'medical_resident')"
    yield from reject_rows(cursor, query, "scheme", _("a medical insurance: no other account is spent from"))


def _parts_add_up(cursor, table):
    query = f"SELECT row, total FROM {table} WHERE total <> from_pool + from_account + self_paid OR total = 0"
    expected = _("the sum of what the pooled fund, the account and the patient paid, above zero")
    yield from reject_rows(cursor, query, "total", expected)
    query = f"SELECT row, from_pool FROM {table} WHERE relation <> 'self' AND from_pool <> 0"
    expected = _("0.00: what the pooled fund paid for a relative stands in the relative's own record")
    yield from reject_rows(cursor, query, "from_pool", expected)


def _settlements_come_once(cursor, table):
    """One settlement is one line, whatever slip it comes on, and comes here or as a benefit, never as both."""
    new = f"{table} t WHERE t.row NOT IN (SELECT row FROM {KNOWN})"
    same = "person_id, scheme, area_code, settlement_no"
    numbered = f"SELECT t.*, row_number() OVER (PARTITION BY {same} ORDER BY t.row) AS nth FROM {new}"
    query = (
        f"SELECT n.row, n.settlement_no FROM ({numbered}) n "
        f"WHERE n.nth > 1 OR ({same}) IN (SELECT {same} FROM accounts_spending)"
    )
    yield from reject_rows(cursor, query, "settlement_no", _("a settlement that no other line holds"))
    query = (
        f"SELECT t.row, t.settlement_no FROM {new} AND EXISTS (SELECT FROM accounts_benefitpayment p "
        "WHERE p.person_id = t.person_id AND p.booked_month = t.booked_month AND p.scheme = t.scheme "
        "AND p.area_code = t.area_code AND p.kind = 'medical_settlement')"
    )
    expected = _("none of this month: this person's settlements of the month came as benefits")
    yield from reject_rows(cursor, query, "settlement_no", expected)


SPENDING = Kind(
    "spending",
    "个人账户支出",
    (
        Text("业务流水号", "slip_no", max_length=40),
        LINE,
        AGENCY,
        Person(),
        SCHEME,
        AREA,
        Text("结算编号", "settlement_no", max_length=40),
        Day("结算日期", "settled_on"),
        BOOKED,
        Name("医药机构名称", "provider", max_length=120),
        Word("就诊类型", "visit", words=VISITS),
        Word("与账户持有人关系", "relation", words=RELATIONS),
        Money("费用总额", "total"),
        Money("统筹基金支付", "from_pool"),
        Money("个人账户支付", "from_account"),
        Money("个人自付", "self_paid"),
    ),
    key=tuple(KEY),
    store=Posting(Spending, KEY | CONTENT, "'movement'", ENTRIES, FUND),
    checks=(
        agency_keeps_the_records(record_keeper),
        _known_spending,
        _of_medical_accounts,
        account_possible("from_account"),
        _parts_add_up,
        _settlements_come_once,
        takes_from("from_account"),
    ),
    has_control_total=True,
    amounts=("from_pool", "from_account"),
    source="benefits",
)
