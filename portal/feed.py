"""Every kind of feed file in load order, and the kinds that the front hall itself reads."""

from django.utils.translation import gettext as _

from accounts.feed import KINDS as LEDGER_KINDS
from inquiries.feed import KINDS as INQUIRIES_KINDS
from registry.feed.columns import AreaCode, Code, Day, Name, Text, Word
from registry.feed.insured import CARDS, EMPLOYMENT, ENROLMENT_EVENTS, ENROLMENTS
from registry.feed.kinds import Kind
from registry.feed.life import KINDS as LIFE_KINDS
from registry.feed.persons import PERSONS
from registry.feed.records import reject_rows, same_names, store_records
from registry.feed.registers import AGENCIES, AREAS, EMPLOYERS, SOURCE_STATES

from .models import DesignatedProvider, Hall


def store_halls(cursor, table, feed_file_id):
    columns = same_names("name", "district", "address", "hours", "phone", "services") | {"area_id": "t.area_code"}
    return store_records(cursor, table, Hall, {"code": "t.code"}, columns)


def store_providers(cursor, table, feed_file_id):
    columns = same_names("name", "kind", "district", "address", "phone", "since", "until") | {"area_id": "t.area_code"}
    return store_records(cursor, table, DesignatedProvider, {"code": "t.code"}, columns)


def contract_ends_after_start(cursor, table):
    query = f"SELECT row, until FROM {table} WHERE until < since"
    return reject_rows(cursor, query, "until", _("a day not before the first one"))


KINDS = [
    Kind(
        "halls",
        "办事大厅",
        (
            Code("大厅编码", "code", max_length=20),
            Name("大厅名称", "name", max_length=100),
            AreaCode("区划代码", "area_code"),
            Text("区县", "district", max_length=60),
            Text("地址", "address", max_length=200),
            Text("办公时间", "hours", max_length=100),
            Text("电话", "phone", max_length=40),
            Text("业务范围", "services", required=False, max_length=200),
        ),
        key=("code",),
        store=store_halls,
    ),
    Kind(
        "providers",
        "定点医药机构",
        (
            Code("定点编码", "code", max_length=30),
            Name("名称", "name", max_length=120),
            Word("类别", "kind", words={"医院": "hospital", "药店": "pharmacy"}),
            AreaCode("区划代码", "area_code"),
            Text("区县", "district", max_length=60),
            Text("地址", "address", max_length=200),
            Text("电话", "phone", required=False, max_length=40),
            Day("起始日期", "since"),
            Day("终止日期", "until", required=False),
        ),
        key=("code",),
        store=store_providers,
        checks=(contract_ends_after_start,),
    ),
]
# In the order in which one kind needs another; a folder's files are loaded in it.
REGISTERS = [AREAS, AGENCIES, EMPLOYERS, PERSONS, CARDS, EMPLOYMENT, ENROLMENTS, ENROLMENT_EVENTS]
ALL_KINDS = [*REGISTERS, *LIFE_KINDS, *LEDGER_KINDS, *INQUIRIES_KINDS, *KINDS, SOURCE_STATES]
