"""The feed files that end in the ledger: balances taken over, contributions of every kind, benefits.

Each is posted by the patterns of docs/ledger.md: batches, entries and fund rows as SELECTs over the new lines.
"""

from django.utils.translation import gettext as _

from accounts.models import BenefitPayment, Takeover
from contributions.already_there import KNOWN, already_there, known
from contributions.feed import (
    AGENCY,
    AREA,
    ASSESSMENTS,
    BOOKED,
    LINE,
    SCHEME,
    agency_keeps_the_records,
    contribution_kinds,
    record_keeper,
)
from registry.feed.columns import Code, Day, Money, Month, Text, Word
from registry.feed.kinds import Kind, Reject, Stored
from registry.feed.people import Person
from registry.feed.records import reject_rows, same_names
from registry.feed.rejects import MOST

from . import books
from .closed_years import refusing_closed_years

# Contributions

CONTRIBUTION_BATCHES = """
    SELECT batch_no, batch_kind AS kind, scheme, area_code, booked_month, nullif(employer_key, 0) AS employer_id,
        batch_slip AS slip_no, NULL::text AS source_ref
    FROM contribution_bundle
"""
# Each payer's routed part is an entry of its own. The row of the file is the line: no two lines of a batch share it.
CONTRIBUTION_ENTRIES = """
    SELECT b.batch_no, l.person_id, e.kind, l.row AS line, b.period, e.amount, b.rule_id, l.row AS feed_row
    FROM contribution_line l JOIN contribution_bundle b USING (bundle_no) CROSS JOIN LATERAL (VALUES
        ('contrib_emp', l.er_to_account), ('contrib_ind', l.ind_to_account), ('subsidy', l.subsidy_to_account)
    ) e (kind, amount)
    WHERE (l.er_to_account <> 0 OR l.ind_to_account <> 0 OR l.subsidy_to_account <> 0) AND e.amount <> 0
"""
CONTRIBUTION_FUND = """
    SELECT s.batch_no, f.kind, f.amount
    FROM (
        SELECT batch_no, sum(er_share + ind_share) AS paid, sum(subsidy) AS subsidy, sum(late_fee) AS late_fee,
            sum(er_to_account + ind_to_account + subsidy_to_account) AS to_account
        FROM contribution_line JOIN contribution_bundle USING (bundle_no) GROUP BY batch_no
    ) s CROSS JOIN LATERAL (VALUES
        ('pooled', s.paid + s.subsidy - s.to_account), ('clearing', -s.paid - s.late_fee),
        ('state_subsidy', -s.subsidy), ('late_fees', s.late_fee)
    ) f (kind, amount)
"""
CONTRIBUTION_OVERDRAWS = """
    SELECT row, person_id, scheme, area_code, er_to_account + ind_to_account + subsidy_to_account AS amount
    FROM contribution_line JOIN contribution_bundle USING (bundle_no) WHERE fault IS NULL
"""


def _post_contributions(cursor, feed_file_id):
    books.post(cursor, CONTRIBUTION_BATCHES, CONTRIBUTION_ENTRIES, CONTRIBUTION_FUND, feed_file_id=feed_file_id)
    return books.POSTED


def _refunds_are_covered(cursor, table):
    yield from _overdrawn(cursor, CONTRIBUTION_OVERDRAWS, "ind_share")


# What an account may not do


def _overdrawn(cursor, lines, column):
    """Yield a Reject for each line that takes more from an account than it holds with all lines of the file.

    lines: SELECT of row, person_id, scheme, area_code and the signed amount of the entry.
    """
    cursor.execute(f"SELECT EXISTS (SELECT FROM ({lines}) l WHERE l.amount < 0)")
    if not cursor.fetchone()[0]:
        return
    cursor.execute(f"""
        WITH line AS ({lines}), reduced AS (
            SELECT person_id, scheme, area_code, sum(amount) AS amount FROM line
            WHERE (person_id, scheme, area_code) IN (SELECT person_id, scheme, area_code FROM line WHERE amount < 0)
            GROUP BY 1, 2, 3
        ), short AS (
            SELECT r.person_id, r.scheme, r.area_code, coalesce(a.balance, 0.00) AS balance
            FROM reduced r LEFT JOIN accounts_account a USING (person_id, scheme, area_code)
            WHERE coalesce(a.balance, 0) + r.amount < 0
        )
        SELECT l.row, l.amount, s.balance FROM line l JOIN short s USING (person_id, scheme, area_code)
        WHERE l.amount < 0 ORDER BY l.row LIMIT {MOST + 1}
    """)
    for row, amount, balance in cursor.fetchall():
        sentence = _("no more than the account holds: %(balance)s") % {"balance": balance}
        yield Reject(row, column, str(-amount), sentence)


def _account_possible(column):
    """A check: a line that moves money on a personal account is of a scheme for which some rule fills one."""

    def check(cursor, table):
        query = (
            f"WITH named AS MATERIALIZED (SELECT DISTINCT area_code, scheme FROM {table} WHERE {column} <> 0) "
            f"SELECT t.row, t.{column} FROM {table} t WHERE t.{column} <> 0 AND (t.area_code, t.scheme) IN ("
            "SELECT area_code, scheme FROM named WHERE NOT account_possible(area_code, scheme))"
        )
        return reject_rows(cursor, query, column, _("0.00: no rule of this insurance fills a personal account"))

    return check


def _number_new_lines(cursor, table, batch_kind):
    """Fill `ledger_line` with the new lines of `table`, each with the number of its batch: one per month of a file."""
    cursor.execute("DROP TABLE IF EXISTS ledger_line")
    cursor.execute(
        "CREATE TEMP TABLE ledger_line ON COMMIT DROP AS SELECT t.*, k.batch_kind, "
        "dense_rank() OVER (ORDER BY k.batch_kind, t.scheme, t.area_code, t.booked_month) AS batch_no "
        f"FROM {table} t CROSS JOIN LATERAL (VALUES ({batch_kind})) k (batch_kind) "
        f"WHERE t.row NOT IN (SELECT row FROM {KNOWN}) ORDER BY t.person_id"
    )
    return cursor.rowcount


def _store(cursor, feed_file_id, model, columns):
    """Add the lines of `ledger_line` as rows of `model`; `columns` as for `already_there`."""
    cursor.execute(
        f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}, batch_id, feed_file_id, feed_row) "
        f"SELECT {', '.join(columns.values())}, b.batch_id, %s, t.row "
        f"FROM ledger_line t JOIN {books.POSTED} b USING (batch_no)",
        [feed_file_id],
    )
    return Stored(cursor.rowcount, known(cursor))


LINE_BATCHES = """
    SELECT batch_no, batch_kind AS kind, scheme, area_code, booked_month, NULL::bigint AS employer_id, '' AS slip_no,
        NULL::text AS source_ref
    FROM ledger_line
"""

# Balances taken over

TAKEN_OVER = {"期初": Takeover.Kind.OPENING, "转入": Takeover.Kind.TRANSFER_IN}
TAKEOVER_KEY = same_names("person_id", "booked_month", "scheme", "slip_no", "line")
TAKEOVER_CONTENT = same_names("area_code", "kind", "amount", "pooled_amount", "source_area")
TAKEOVER_ENTRIES = """
    SELECT batch_no, person_id, kind, row AS line, booked_month AS period, amount, NULL::bigint AS rule_id,
        row AS feed_row
    FROM ledger_line WHERE amount <> 0
"""
TAKEOVER_FUND = """
    SELECT s.batch_no, f.kind, f.amount
    FROM (
        SELECT batch_no, kind, sum(amount) AS amount, sum(pooled_amount) AS pooled_amount
        FROM ledger_line GROUP BY batch_no, kind
    ) s CROSS JOIN LATERAL (VALUES
        ('pooled', s.pooled_amount),
        (CASE s.kind WHEN 'opening' THEN 'taken_over' ELSE 'transfers' END, -s.amount - s.pooled_amount)
    ) f (kind, amount)
"""


def _known_takeovers(cursor, table):
    yield from already_there(cursor, table, Takeover, TAKEOVER_KEY, TAKEOVER_CONTENT, month="booked_month")


def _openings_bring_no_pooled_money(cursor, table):
    query = f"SELECT row, pooled_amount FROM {table} WHERE kind = 'opening' AND pooled_amount <> 0"
    return reject_rows(cursor, query, "pooled_amount", _("0.00: only a transfer brings money of another pooled fund"))


def _store_takeovers(cursor, table, feed_file_id):
    if _number_new_lines(cursor, table, "t.kind"):
        books.post(cursor, LINE_BATCHES, TAKEOVER_ENTRIES, TAKEOVER_FUND, feed_file_id=feed_file_id)
        return _store(cursor, feed_file_id, Takeover, TAKEOVER_KEY | TAKEOVER_CONTENT)
    return Stored(0, known(cursor))


OPENINGS = Kind(
    "openings",
    "期初余额",
    (
        Text("业务流水号", "slip_no", max_length=40),
        LINE,
        Person(),
        SCHEME,
        AREA,
        BOOKED,
        Word("类型", "kind", words=TAKEN_OVER),
        Money("个人账户金额", "amount"),
        Money("统筹转入金额", "pooled_amount"),
        Text("来源说明", "source_area", required=False, max_length=60),
    ),
    key=tuple(TAKEOVER_KEY),
    store=_store_takeovers,
    checks=(_known_takeovers, _account_possible("amount"), _openings_bring_no_pooled_money),
    has_control_total=True,
    amounts=("amount", "pooled_amount"),
)

# Benefits

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


def _payments_are_covered(cursor, table):
    lines = (
        f"SELECT t.row, t.person_id, t.scheme, t.area_code, -t.from_account AS amount FROM {table} t "
        f"WHERE t.row NOT IN (SELECT row FROM {KNOWN})"
    )
    yield from _overdrawn(cursor, lines, "from_account")


def _store_benefits(cursor, table, feed_file_id):
    if _number_new_lines(cursor, table, "'benefit'"):
        books.post(cursor, LINE_BATCHES, BENEFIT_ENTRIES, BENEFIT_FUND, feed_file_id=feed_file_id)
        return _store(cursor, feed_file_id, BenefitPayment, BENEFIT_KEY | BENEFIT_CONTENT)
    return Stored(0, known(cursor))


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
    store=_store_benefits,
    checks=(
        agency_keeps_the_records(record_keeper),
        _known_benefits,
        _account_possible("from_account"),
        _signs_of_benefits,
        _payments_are_covered,
    ),
    has_control_total=True,
    amounts=("from_pool", "from_account"),
    source="benefits",
)

KINDS = refusing_closed_years(
    [
        OPENINGS,
        ASSESSMENTS,
        *contribution_kinds("accounts_batch", _post_contributions, _refunds_are_covered),
        BENEFITS,
    ]
)
