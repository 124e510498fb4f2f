"""Benefits paid by the pooled fund and from personal accounts."""

from django.utils.translation import gettext as _

from accounts.models import BenefitPayment
from contributions.already_there import already_there
from contributions.feed import AGENCY, AREA, BOOKED, LINE, SCHEME, agency_keeps_the_records, record_keeper
from registry.feed.columns import Code, Day, Money, Month, Text, Word
from registry.feed.kinds import Kind
from registry.feed.people import Person
from registry.feed.records import reject_rows, same_names

from .limits import account_possible, takes_from
from .posting import Posting

BENEFITS_PAID = {
    "基本养老金": BenefitPayment.Kind.PENSION,
    "个人账户退费": BenefitPayment.Kind.ACCOUNT_REFUND,
    "丧葬补助金": BenefitPayment.Kind.FUNERAL_GRANT,
    "抚恤金": BenefitPayment.Kind.SURVIVOR,
    "病残津贴": BenefitPayment.Kind.DISABILITY,
    "医疗费结算": BenefitPayment.Kind.MEDICAL_SETTLEMENT,
    "医疗费报销": BenefitPayment.Kind.MEDICAL_REIMBURSEMENT,
    "失业保险金": BenefitPayment.Kind.UNEMPLOYMENT,
    "失业期间医保费": BenefitPayment.Kind.UNEMPLOYMENT_MEDICAL,
    "培训补贴": BenefitPayment.Kind.TRAINING_SUBSIDY,
    "工伤医疗费": BenefitPayment.Kind.INJURY_MEDICAL,
    "一次性伤残补助金": BenefitPayment.Kind.INJURY_GRANT,
    "伤残津贴": BenefitPayment.Kind.INJURY_ALLOWANCE,
    "护理费": BenefitPayment.Kind.CARE_ALLOWANCE,
    "工亡待遇": BenefitPayment.Kind.DEATH,
    "生育津贴": BenefitPayment.Kind.MATERNITY_ALLOWANCE,
    "生育医疗费": BenefitPayment.Kind.MATERNITY_MEDICAL,
}
BENEFIT_STATES = {"已支付": BenefitPayment.Status.PAID, "已退回": BenefitPayment.Status.RETURNED}
BENEFIT_KEY = same_names("person_id", "booked_month", "scheme", "payment_no", "line")
BENEFIT_CONTENT = same_names(
    *("area_code", "kind", "period", "from_pool", "from_account", "paid_on", "status", "decision_no")
) | {"bank_last_four": "coalesce(t.bank_last_four, '')"}
BENEFIT_ENTRIES = """
    SELECT batch_no, person_id, CASE
            WHEN kind = 'account_refund' THEN 'refund'
            WHEN scheme IN ('pension', 'pension_public', 'pension_resident') THEN 'pension_payout'
            WHEN scheme IN ('medical', 'medical_resident') THEN 'medical_spend'
            ELSE 'benefit_payout' END AS kind,
        row AS line, period, -from_account AS amount, NULL::bigint AS rule_id, row AS feed_row
    FROM ledger_line WHERE from_account <> 0
"""
BENEFIT_FUND = """
    SELECT s.batch_no, f.kind, f.amount
    FROM (
        SELECT batch_no, sum(from_pool) AS from_pool, sum(from_account) AS from_account
        FROM ledger_line GROUP BY batch_no
    ) s CROSS JOIN LATERAL (VALUES
        ('pooled', -s.from_pool), ('benefits', s.from_pool + s.from_account)
    ) f (kind, amount)
"""


def _known_benefits(cursor, table):
    yield from already_there(cursor, table, BenefitPayment, BENEFIT_KEY, BENEFIT_CONTENT, month="booked_month")


def _signs_of_benefits(cursor, table):
    """What was paid is positive; what the bank returned is a line of its own with negative amounts."""
    for status, wrong, expected in (
        ("paid", "<", _("amounts above zero")),
        ("returned", ">", _("amounts below zero: what comes back is a line of its own")),
    ):
        query = (
            f"SELECT row, from_pool + from_account FROM {table} WHERE status = '{status}' "
            f"AND (from_pool {wrong} 0 OR from_account {wrong} 0 OR from_pool + from_account = 0)"
        )
        yield from reject_rows(cursor, query, "from_pool", expected)


def _settlements_come_once(cursor, table):
    """A medical settlement comes here or as spending (accounts/feed/spending.py), never as both."""
    query = (
        f"SELECT t.row, t.payment_no FROM {table} t WHERE t.kind = 'medical_settlement' AND EXISTS ("
        "SELECT FROM accounts_spending s WHERE s.person_id = t.person_id AND s.booked_month = t.booked_month "
        "AND s.scheme = t.scheme AND s.area_code = t.area_code)"
    )
    sentence = _("none of this month: this person's settlements of the month came as spending")
    yield from reject_rows(cursor, query, "payment_no", sentence)


BENEFITS = Kind(
    "benefits",
    "待遇支付",
    (
        Text("支付单号", "payment_no", max_length=40),
        LINE,
        AGENCY,
        Person(),
        SCHEME,
        AREA,
        Word("待遇类型", "kind", words=BENEFITS_PAID),
        Month("待遇所属期", "period"),
        BOOKED,
        Money("统筹基金支付", "from_pool", signed=True),
        Money("个人账户支付", "from_account", signed=True),
        Day("支付日期", "paid_on"),
        Code("银行账号后四位", "bank_last_four", required=False, max_length=4),
        Word("支付状态", "status", words=BENEFIT_STATES),
        Text("决定书编号", "decision_no", required=False, max_length=60),
    ),
    key=tuple(BENEFIT_KEY),
    store=Posting(BenefitPayment, BENEFIT_KEY | BENEFIT_CONTENT, "'benefit'", BENEFIT_ENTRIES, BENEFIT_FUND),
    checks=(
        agency_keeps_the_records(record_keeper),
        _known_benefits,
        account_possible("from_account"),
        _signs_of_benefits,
        _settlements_come_once,
        takes_from("from_account"),
    ),
    has_control_total=True,
    amounts=("from_pool", "from_account"),
    source="benefits",
)
