"""The feed files of this room: what was assessed, and what was paid by employers, by persons and by the state.

A contribution is stored together with its batch, and batches belong to a higher room: `contribution_kinds` takes the
function that posts the priced lines and names the table that gives each of them its batch.
"""

from functools import partial

from django.utils.translation import gettext as _

from contributions.models import Assessment, Contribution
from registry.feed.columns import CATEGORIES, SCHEMES, AgencyCode, AreaCode, Day, Money, Month, Text, Unit, Whole, Word
from registry.feed.kinds import Kind, Reject, Stored
from registry.feed.people import Person
from registry.feed.records import same_names
from registry.feed.rejects import MOST
from registry.feed.rows import file_of, line_of
from registry.insurance import FAMILY_OF, INSURANCE_OF, AgencyFamily, Category, Scheme

from .already_there import KNOWN, already_there, known, stored_by_file
from .pricing import EMPLOYER, ER_CEILING, ER_DUE, IND_DUE, PERSONAL, SUBSIDY, price, record

PAID_BY_EMPLOYERS = {
    "正常": Contribution.Kind.NORMAL,
    "补缴": Contribution.Kind.BACKPAY,
    "补差": Contribution.Kind.SUPPLEMENT,
    "退费": Contribution.Kind.REFUND,
}
PAID_BY_PERSONS = PAID_BY_EMPLOYERS | {"转入": Contribution.Kind.TRANSFERRED_IN}
PAYER_LEVELS = {
    "省级": Contribution.PayerLevel.PROVINCE,
    "市级": Contribution.PayerLevel.CITY,
    "县级": Contribution.PayerLevel.COUNTY,
    "集体补助": Contribution.PayerLevel.COLLECTIVE,
    "政府代缴": Contribution.PayerLevel.GOVERNMENT,
}

SCHEME = Word("险种", "scheme", words=SCHEMES)
CATEGORY = Word("人员类别", "category", words=CATEGORIES)
AREA = AreaCode("区划代码", "area_code", pooling=True)
AGENCY = AgencyCode("机构编码", "agency_code")
LINE = Whole("行号", "line", least=1)
PERIOD_PAID = Month("对应费款所属期", "period")
BOOKED = Month("记账年月", "booked_month")
RECEIVED = Day("到账日期", "received_on")
CONTRIBUTION_KEY = ("person_id", "booked_month", "scheme", "slip_no", "line")

# The fault of a priced line (pricing.FAULT) as a sentence.
SENTENCES = {
    "no_money": lambda line: _("0.00: the money of a transferred month comes with the balance taken over"),
    "where_from": lambda line: _("the area in which the month was paid"),
    "no_rule": lambda line: (
        _("no rule is in force for %(scheme)s, %(category)s, %(area)s, %(month)s")
        % {
            "scheme": Scheme(line["scheme"]).label,
            "category": Category(line["category"]).label,
            "area": line["area_code"],
            "month": f"{line['period']:%Y%m}",
        }
    ),
    "not_positive": lambda line: _("an amount of zero or below: this line is a refund"),
    "not_negative": lambda line: _("an amount of zero or above: only a refund is negative"),
    "above_zero": lambda line: _("an amount above zero"),
    "bounds": lambda line: _("a base from %(lower)s to %(upper)s, the bounds in force") % line,
    "due": lambda line: _("%(due)s by the rule in force") % line,
    "ceiling": lambda line: _("%(ceiling)s at most by the rule in force") % line,
}
FAULTS = f"""
    SELECT l.row, l.fault, b.scheme, b.category, b.area_code, b.period, b.lower, b.upper, {ER_CEILING} AS ceiling,
        CASE WHEN l.fault LIKE '%%:ind_share' THEN {IND_DUE} ELSE {ER_DUE} END AS due,
        to_jsonb(l) ->> split_part(l.fault, ':', 2) AS value
    FROM contribution_line l JOIN contribution_bundle b USING (bundle_no)
    WHERE l.fault IS NOT NULL ORDER BY l.row LIMIT {MOST + 1}
"""


def agency_keeps_the_records(family_of):
    """A check: the file's agency is of the family that `family_of` (scheme -> AgencyFamily) names for each scheme."""
    families = {scheme.value: family_of(scheme).value for scheme in Scheme}

    def check(cursor, table):
        cursor.execute(
            f"SELECT min(t.row), t.agency_code, t.scheme, a.family FROM {table} t "
            "JOIN registry_agency a ON a.code = t.agency_code GROUP BY 2, 3, 4 ORDER BY 1"
        )
        for row, agency, scheme, family in cursor.fetchall():
            if family != families[scheme]:
                office = AgencyFamily(families[scheme]).label
                yield Reject(
                    row, "agency_code", agency, _("the code of an office of the kind: %(kind)s") % {"kind": office}
                )

    return check


def record_keeper(scheme):
    return FAMILY_OF[INSURANCE_OF[scheme]]


def _priced(lines, batches):
    def check(cursor, table):
        yield from price(cursor, table, lines, batches)
        cursor.execute(FAULTS)
        names = [column.name for column in cursor.description]
        for values in cursor.fetchall():
            line = dict(zip(names, values, strict=True))
            sentence, column = line["fault"].split(":")
            value = f"{line['period']:%Y%m}" if column == "period" else line["value"]
            yield Reject(line["row"], column, value or "", SENTENCES[sentence](line))

    return check


def _store_contributions(post, cursor, table, feed_file_id):
    cursor.execute("SELECT EXISTS (SELECT FROM contribution_bundle)")
    added = record(cursor, post(cursor, feed_file_id), feed_file_id) if cursor.fetchone()[0] else 0
    return Stored(added, known(cursor))


def _store_several(post, cursor, table):
    cursor.execute("SELECT EXISTS (SELECT FROM contribution_bundle)")
    if cursor.fetchone()[0]:
        record(cursor, post(cursor, None), None)
    return stored_by_file(cursor, table)


EMPLOYER_LIST = (
    Text("征集流水号", "slip_no", max_length=40),
    LINE,
    AGENCY,
    Unit(),
    Person(),
    SCHEME,
    AREA,
    CATEGORY,
    PERIOD_PAID,
    BOOKED,
    Word("缴费类型", "kind", words=PAID_BY_EMPLOYERS),
    Money("缴费基数", "base", signed=True),
    Money("单位缴费金额", "er_share", signed=True),
    Money("个人缴费金额", "ind_share", signed=True),
    Money("滞纳金", "late_fee", signed=True),
    RECEIVED,
)
PERSONAL_LIST = (
    Text("征集流水号", "slip_no", max_length=40),
    LINE,
    AGENCY,
    Person(),
    SCHEME,
    AREA,
    CATEGORY,
    PERIOD_PAID,
    BOOKED,
    Word("缴费类型", "kind", words=PAID_BY_PERSONS),
    Money("缴费基数", "base", signed=True),
    Money("个人缴费金额", "ind_share", signed=True),
    Money("滞纳金", "late_fee", signed=True),
    RECEIVED,
    Text("原参保地", "source_area", required=False, max_length=60),
)
SUBSIDY_LIST = (
    Text("拨付单号", "slip_no", max_length=40),
    LINE,
    AGENCY,
    Person(),
    SCHEME,
    AREA,
    PERIOD_PAID,
    BOOKED,
    Word("补贴级次", "payer_level", words=PAYER_LEVELS),
    Money("补贴金额", "subsidy"),
    RECEIVED,
)
# Name, title, columns, how the lines read, which columns the file's total sums.
CONTRIBUTION_FILES = (
    ("employer_contributions", "单位缴费明细", EMPLOYER_LIST, EMPLOYER, ("er_share", "ind_share", "late_fee")),
    ("personal_contributions", "个人缴费明细", PERSONAL_LIST, PERSONAL, ("ind_share", "late_fee")),
    ("subsidies", "财政补贴", SUBSIDY_LIST, SUBSIDY, ("subsidy",)),
)


def contribution_kinds(batches, post, check):
    """The three kinds of contribution files, for the room that keeps the ledger.

    `batches` is the table of the batches posted so far. `post(cursor, feed_file_id)` opens the batches of the priced
    lines (contributions/pricing.py), writes the ledger and returns the table that gives each batch_no its batch_id; the
    file is None where several are staged together.
    `check(cursor, table)` yields what the ledger refuses.
    """
    rightly_sent = agency_keeps_the_records(record_keeper)
    return [
        Kind(
            name,
            title,
            columns,
            key=CONTRIBUTION_KEY,
            store=partial(_store_contributions, post),
            store_several=partial(_store_several, post),
            checks=(rightly_sent, _priced(lines, batches), check),
            has_control_total=True,
            amounts=amounts,
            source="contributions",
        )
        for name, title, columns, lines, amounts in CONTRIBUTION_FILES
    ]


ASSESSMENT_KEY = same_names("person_id", "scheme", "assessment_no", "line") | {
    "due_month": "date_trunc('month', t.due_on)::date"
}
ASSESSMENT_CONTENT = same_names(
    *("area_code", "period", "employer_id", "category", "declared_wage", "base", "er_share", "ind_share", "due_on")
)


def _assessments_known(cursor, table):
    yield from already_there(cursor, table, Assessment, ASSESSMENT_KEY, ASSESSMENT_CONTENT, month="due_month")


def _add_assessments(cursor, table, feed_file_id):
    """Store the new lines of the file, or of each line's own file where it is None; return their number."""
    columns = ASSESSMENT_KEY | ASSESSMENT_CONTENT
    cursor.execute(
        f"INSERT INTO contributions_assessment ({', '.join(columns)}, feed_file_id, feed_row) "
        f"SELECT {', '.join(columns.values())}, coalesce(%s::bigint, {file_of('t.row')}), {line_of('t.row')} "
        f"FROM {table} t WHERE t.row NOT IN (SELECT row FROM {KNOWN}) "
        "ORDER BY t.person_id, t.due_on, t.scheme, t.assessment_no, t.line",
        [feed_file_id],
    )
    return cursor.rowcount


def _store_assessments(cursor, table, feed_file_id):
    return Stored(_add_assessments(cursor, table, feed_file_id), known(cursor))


def _store_several_assessments(cursor, table):
    _add_assessments(cursor, table, None)
    return stored_by_file(cursor, table)


ASSESSMENTS = Kind(
    "assessments",
    "缴费核定",
    (
        Text("核定单号", "assessment_no", max_length=40),
        LINE,
        AGENCY,
        Unit(required=False),
        Person(),
        SCHEME,
        AREA,
        CATEGORY,
        Month("费款所属期", "period"),
        Money("申报工资", "declared_wage", required=False),
        Money("缴费基数", "base"),
        Money("单位应缴", "er_share"),
        Money("个人应缴", "ind_share"),
        Day("缴费期限", "due_on"),
    ),
    key=("person_id", "scheme", "assessment_no", "line"),
    store=_store_assessments,
    store_several=_store_several_assessments,
    checks=(agency_keeps_the_records(lambda scheme: AgencyFamily.TAX), _assessments_known),
    has_control_total=True,
    amounts=("er_share", "ind_share"),
    source="assessments",
)
