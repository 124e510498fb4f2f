"""The kinds of file about insured people: cards, employment, enrolments and their events.

Persons themselves have a module of their own (persons.py), the card's role data too (life.py).
"""

from django.utils.translation import gettext as _

from registry.insurance import FAMILY_OF, INSURANCE_OF
from registry.models import Card, EmploymentSpell, Enrolment, EnrolmentEvent

from .cells import literal
from .columns import CATEGORIES, SCHEMES, AgencyCode, AreaCode, Code, Day, Digits, Month, Text, Unit, Word
from .kinds import Kind, Stored
from .numbers import CardNumber
from .people import Person
from .records import clashes, reject_rows, same_names, store_records

CARD_STATUS = {"未激活": "not_activated", "正常": "active", "挂失": "lost", "已更换": "replaced", "过期": "expired"}
BANK_STATUS = {"无": "none", "未激活": "not_activated", "正常": "active", "销户": "closed"}
STATED_BY = {"单位": "employer", "个人": "person", "经办机构": "agency", "税务": "tax"}
STATUS = {"正常参保": "active", "暂停缴费": "suspended", "退休": "retired", "终止": "terminated"}
EVENTS = {
    "新参保": "enrol",
    "暂停缴费": "stop",
    "续保": "resume",
    "基数变更": "base_change",
    "信息变更": "info_change",
    "单位变更": "employer_change",
    "转出": "transfer_out",
    "转入": "transfer_in",
    "退休": "retire",
    "待遇发放": "benefit_start",
    "待遇停发": "benefit_stop",
    "死亡": "death",
    "终止": "terminate",
    "补缴": "backpay",
    "退费": "refund",
    "更正": "correction",
}
EVENT_SOURCES = {"单位": "employer", "窗口": "window", "网上": "web", "税务": "tax", "经办机构": "agency"}


def agency_keeps_scheme(cursor, table):
    """Complain where an agency of the wrong family keeps a scheme (Regulation 765, art. 4)."""
    cases = " ".join(
        f"WHEN {literal(scheme)} THEN {literal(FAMILY_OF[insurance])}" for scheme, insurance in INSURANCE_OF.items()
    )
    query = (
        f"SELECT t.row, t.agency_code FROM {table} t JOIN registry_agency a ON a.code = t.agency_code "
        f"WHERE a.family <> CASE t.scheme {cases} END"
    )
    return reject_rows(cursor, query, "agency_code", _("an agency that keeps the records of this insurance"))


def card_is_hers(cursor, table):
    query = (
        f"SELECT t.row, '' FROM {table} t JOIN registry_card c ON c.area_id = t.area_code "
        "AND c.number_hash = t.number_hash WHERE c.person_id <> t.person_id"
    )
    return reject_rows(cursor, query, "number_hash", _("a card that this area has not issued to somebody else"))


def store_cards(cursor, table, feed_file_id):
    key = {"area_id": "t.area_code", "number_hash": "t.number_hash"}
    columns = same_names(
        "person_id", "issued_on", "status", "activated_on", "bank", "bank_last_four", "bank_status", "bank_activated_on"
    )
    return store_records(
        cursor, table, Card, key, columns, feed_file_id=feed_file_id, fixed=same_names("number_encrypted")
    )


def ends_after_start(cursor, table):
    query = f"SELECT row, ended_on FROM {table} WHERE ended_on < started_on"
    return reject_rows(cursor, query, "ended_on", _("a day not before the first one"))


def store_employment(cursor, table, feed_file_id):
    key = same_names("person_id", "employer_id", "started_on")
    columns = same_names("ended_on", "occupation", "stated_by", "start_reported_on", "end_reported_on")
    return store_records(cursor, table, EmploymentSpell, key, columns, feed_file_id=feed_file_id)


def store_enrolments(cursor, table, feed_file_id):
    key = same_names("person_id", "scheme") | {"area_id": "t.area_code"}
    columns = same_names(
        "category", "status", "status_since", "first_insured_on", "registered_on", "employer_id", "person_no"
    )
    return store_records(
        cursor, table, Enrolment, key, columns | {"agency_id": "t.agency_code"}, feed_file_id=feed_file_id
    )


def _with_enrolment(table):
    return (
        f"(SELECT s.*, e.id AS enrolment_id FROM {table} s JOIN registry_enrolment e "
        "ON e.person_id = s.person_id AND e.scheme = s.scheme AND e.area_id = s.area_code)"
    )


EVENT_KEY = same_names("enrolment_id", "event_no")
EVENT_CONTENT = same_names(
    "kind", "effective_month", "recorded_on", "source", "employer_id", "counterpart_area", "document_no"
)


def event_has_enrolment(cursor, table):
    query = f"SELECT row, scheme FROM {table} WHERE row NOT IN (SELECT row FROM {_with_enrolment(table)} known)"
    return reject_rows(cursor, query, "", _("an enrolment of this person in this insurance and area; none is known"))


def event_is_not_changed(cursor, table):
    return clashes(cursor, _with_enrolment(table), EnrolmentEvent, EVENT_KEY, EVENT_CONTENT)


def store_events(cursor, table, feed_file_id):
    columns = EVENT_KEY | EVENT_CONTENT
    cursor.execute(
        f"INSERT INTO registry_enrolmentevent ({', '.join(columns)}, feed_file_id, feed_row) "
        f"SELECT {', '.join(columns.values())}, %s, t.row FROM {_with_enrolment(table)} t "
        "ORDER BY t.enrolment_id ON CONFLICT DO NOTHING",
        [feed_file_id],
    )
    added = cursor.rowcount
    cursor.execute(f"SELECT count(*) FROM {table}")
    return Stored(added, cursor.fetchone()[0] - added)


CARDS = Kind(
    "cards",
    "社会保障卡",
    (
        Person(),
        AreaCode("发卡区划代码", "area_code"),
        CardNumber("卡号", "number"),
        Day("发卡日期", "issued_on"),
        Word("社保功能状态", "status", words=CARD_STATUS),
        Day("社保功能激活日期", "activated_on", required=False),
        Text("合作银行", "bank", required=False, max_length=60),
        Digits("银行账号后四位", "bank_last_four", required=False, max_length=4),
        Word("银行账户状态", "bank_status", words=BANK_STATUS),
        Day("银行账户激活日期", "bank_activated_on", required=False),
    ),
    key=("area_code", "number_hash"),
    store=store_cards,
    checks=(card_is_hers,),
    source="cards",
)
EMPLOYMENT = Kind(
    "employment",
    "就业经历",
    (
        Person(),
        AgencyCode("机构编码", "agency_code"),
        Unit(),
        Day("入职日期", "started_on"),
        Day("离职日期", "ended_on", required=False),
        Text("岗位", "occupation", required=False, max_length=60),
        Word("申报来源", "stated_by", words=STATED_BY),
        Day("增员申报日期", "start_reported_on", required=False),
        Day("减员申报日期", "end_reported_on", required=False),
    ),
    key=("person_id", "employer_id", "started_on"),
    store=store_employment,
    checks=(ends_after_start,),
    source="employment",
)
ENROLMENTS = Kind(
    "enrolments",
    "参保登记",
    (
        Person(),
        Text("个人编号", "person_no", required=False, max_length=30),
        Word("险种", "scheme", words=SCHEMES),
        AreaCode("区划代码", "area_code", pooling=True),
        AgencyCode("机构编码", "agency_code"),
        Word("人员类别", "category", words=CATEGORIES),
        Word("参保状态", "status", words=STATUS),
        Month("状态起始年月", "status_since"),
        Day("首次参保日期", "first_insured_on"),
        Day("登记日期", "registered_on"),
        Unit(required=False),
    ),
    key=("person_id", "scheme", "area_code"),
    store=store_enrolments,
    checks=(agency_keeps_scheme,),
    source="enrolments",
)
ENROLMENT_EVENTS = Kind(
    "events",
    "参保变动",
    (
        Person(),
        Word("险种", "scheme", words=SCHEMES),
        AreaCode("区划代码", "area_code", pooling=True),
        Code("变动编号", "event_no", max_length=40),
        Word("变动类型", "kind", words=EVENTS),
        Month("生效年月", "effective_month"),
        Day("办理日期", "recorded_on"),
        Word("来源", "source", words=EVENT_SOURCES),
        AgencyCode("机构编码", "agency_code", required=False),
        Unit(required=False),
        Text("对方统筹区", "counterpart_area", required=False, max_length=60),
        Text("凭证号", "document_no", required=False, max_length=60),
    ),
    key=("person_id", "scheme", "area_code", "event_no"),
    store=store_events,
    checks=(event_has_enrolment, event_is_not_changed),
)
