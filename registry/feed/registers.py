"""The kinds of file that say what there is: areas, agencies, employers, and how far each source reaches."""

from django.utils.translation import gettext as _

from registry.insurance import AgencyFamily
from registry.models import Agency, Area, Employer, SourceState

from .cells import literal
from .columns import FAMILIES, AgencyCode, AreaCode, Code, Day, Digits, Flag, Month, Name, Text, Whole, Word
from .kinds import Kind, Reject, Stored
from .numbers import CreditCode
from .records import reject_rows, same_names, store_records

DATA_KINDS = {
    "参保登记": "enrolments",
    "缴费核定": "assessments",
    "缴费记录": "contributions",
    "待遇支付": "benefits",
    "社会保障卡": "cards",
    "就业经历": "employment",
    "职业技能": "skills",
    "失业登记": "unemployment",
    "工伤认定": "injuries",
    "职业病": "diseases",
    "残疾": "disabilities",
    "转移接续": "transfers",
}


def store_areas(cursor, table, feed_file_id):
    columns = {"name": "t.name", "parent_id": "t.parent_code", "is_pooling_area": "t.is_pooling_area"}
    return store_records(cursor, table, Area, {"code": "t.code"}, columns)


def parent_is_known(cursor, table):
    query = (
        f"SELECT row, parent_code FROM {table} WHERE parent_code = code OR parent_code NOT IN "
        f"(SELECT code FROM registry_area UNION SELECT code FROM {table})"
    )
    return reject_rows(cursor, query, "parent_code", _("the code of another area, of this file or known before"))


def store_agencies(cursor, table, feed_file_id):
    columns = same_names("name", "family", "phone", "address") | {"area_id": "t.area_code"}
    return store_records(cursor, table, Agency, {"code": "t.code"}, columns)


EMPLOYER_COLUMNS = same_names("name", "address", "risk_class", "registered_on", "closed_on") | {
    "area_id": "t.area_code"
}


def one_employer_says_one_thing(cursor, table):
    """Rows of one employer differ only in the agency and its number."""
    content = "name, address, risk_class, registered_on, closed_on, area_code"
    cursor.execute(
        f"SELECT t.row, t.credit_code, f.row FROM {table} t JOIN (SELECT DISTINCT ON (credit_code) * FROM {table} "
        f"ORDER BY credit_code, row) f USING (credit_code) WHERE {_row('t', content)} IS DISTINCT FROM "
        f"{_row('f', content)} ORDER BY 1 LIMIT 1001"
    )
    for row, code, first in cursor.fetchall():
        yield Reject(
            row, "credit_code", code, _("the same details of this employer as in line %(row)s") % {"row": first}
        )


def _row(alias, names):
    return f"ROW({', '.join(f'{alias}.{name}' for name in names.split(', '))})"


def unit_number_is_free(cursor, table):
    query = (
        f"SELECT t.row, t.unit_no FROM {table} t JOIN registry_unitnumber u ON u.agency_id = t.agency_code "
        "AND u.unit_no = t.unit_no JOIN registry_employer e ON e.id = u.employer_id "
        "WHERE e.credit_code IS DISTINCT FROM t.credit_code"
    )
    return reject_rows(cursor, query, "unit_no", _("a number that this agency has not given another employer"))


def store_employers(cursor, table, feed_file_id):
    once = f"(SELECT DISTINCT ON (credit_code) * FROM {table} ORDER BY credit_code, row)"
    store_records(cursor, once, Employer, {"credit_code": "t.credit_code"}, EMPLOYER_COLUMNS, feed_file_id=feed_file_id)
    cursor.execute(
        "WITH given AS (INSERT INTO registry_unitnumber (employer_id, agency_id, unit_no) "
        f"SELECT e.id, t.agency_code, t.unit_no FROM {table} t JOIN registry_employer e USING (credit_code) "
        "ON CONFLICT DO NOTHING RETURNING agency_id, unit_no) "
        "SELECT count(*), count(g.unit_no), count(*) FILTER (WHERE g.unit_no IS NULL AND e.feed_file_id = %s) "
        f"FROM {table} t JOIN registry_employer e USING (credit_code) "
        "LEFT JOIN given g ON g.agency_id = t.agency_code AND g.unit_no = t.unit_no",
        [feed_file_id],
    )
    lines, added, changed = cursor.fetchone()
    return Stored(added, lines - added - changed, changed)


def agency_delivers_data(cursor, table):
    """Assessments come from the tax agency, everything else from the agency that keeps the records."""
    query = (
        f"SELECT t.row, t.agency_code FROM {table} t JOIN registry_agency a ON a.code = t.agency_code "
        f"WHERE (a.family = {literal(AgencyFamily.TAX)}) <> (t.kind = 'assessments')"
    )
    return reject_rows(cursor, query, "agency_code", _("an agency that delivers this kind of data"))


def store_source_states(cursor, table, feed_file_id):
    key = {"agency_id": "t.agency_code", "area_id": "t.area_code", "kind": "t.kind"}
    columns = same_names("complete_to", "received_on", "next_expected_on")
    return store_records(cursor, table, SourceState, key, columns)


AREAS = Kind(
    "areas",
    "行政区划",
    (
        Digits("区划代码", "code", max_length=6),
        Name("区划名称", "name", max_length=60),
        Code("上级区划代码", "parent_code", required=False, max_length=6),
        Flag("是否统筹区", "is_pooling_area"),
    ),
    key=("code",),
    store=store_areas,
    checks=(parent_is_known,),
)
AGENCIES = Kind(
    "agencies",
    "经办机构",
    (
        Code("机构编码", "code", max_length=20),
        Name("机构名称", "name", max_length=100),
        Word("机构类别", "family", words=FAMILIES),
        AreaCode("区划代码", "area_code"),
        Text("电话", "phone", required=False, max_length=40),
        Text("地址", "address", required=False, max_length=200),
    ),
    key=("code",),
    store=store_agencies,
)
EMPLOYERS = Kind(
    "employers",
    "用人单位",
    (
        CreditCode("统一社会信用代码", "credit_code"),
        Name("单位名称", "name", max_length=120),
        AreaCode("区划代码", "area_code"),
        AgencyCode("机构编码", "agency_code"),
        Code("单位编号", "unit_no", max_length=30),
        Whole("工伤风险类别", "risk_class", required=False, least=1, most=8),
        Text("地址", "address", required=False, max_length=200),
        Day("登记日期", "registered_on", required=False),
        Day("注销日期", "closed_on", required=False),
    ),
    key=("agency_code", "unit_no"),
    store=store_employers,
    checks=(one_employer_says_one_thing, unit_number_is_free),
)
SOURCE_STATES = Kind(
    "source_states",
    "数据状态",
    (
        AgencyCode("机构编码", "agency_code"),
        AreaCode("区划代码", "area_code"),
        Word("数据种类", "kind", words=DATA_KINDS),
        Month("完整至年月", "complete_to"),
        Day("交付日期", "received_on"),
        Day("下次预计日期", "next_expected_on", required=False),
    ),
    key=("agency_code", "area_code", "kind"),
    store=store_source_states,
    checks=(agency_delivers_data,),
    states_sources=True,
)
