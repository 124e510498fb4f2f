"""The card's role data: skills and unemployment, and three sensitive records that are never on a list."""

from django.utils.translation import gettext as _

from registry.models import Disability, OccupationalDisease, UnemploymentRegistration, VocationalSkill, WorkInjury

from .columns import AgencyCode, AreaCode, Code, Day, Text, Unit, Whole
from .kinds import Kind
from .numbers import MaskedCode
from .people import Person
from .records import reject_rows, same_names, store_records

KEY = ("person_id", "reference_no")


def storing(model, *names, **others):
    """The `store` of a kind whose rows are records of `model`; `others`: target columns under another staging name."""
    columns = same_names(*names) | {target: f"t.{name}" for target, name in others.items()}

    def store(cursor, table, feed_file_id):
        return store_records(cursor, table, model, same_names(*KEY), columns, feed_file_id=feed_file_id)

    return store


def used_of_granted(cursor, table):
    query = f"SELECT row, months_used FROM {table} WHERE months_used > months_granted"
    return reject_rows(cursor, query, "months_used", _("not more months than were granted"))


def ended_after_registered(cursor, table):
    query = f"SELECT row, ended_on FROM {table} WHERE ended_on < registered_on"
    return reject_rows(cursor, query, "ended_on", _("a day not before the first one"))


KINDS = [
    Kind(
        "skills",
        "职业技能",
        (
            Person(),
            Code("证书编号", "reference_no", max_length=40),
            Text("职业", "occupation", max_length=60),
            Text("等级", "level", max_length=30),
            Text("发证机构", "issuer", max_length=100),
            Day("发证日期", "issued_on"),
        ),
        key=KEY,
        store=storing(VocationalSkill, "occupation", "level", "issuer", "issued_on"),
        source="skills",
    ),
    Kind(
        "unemployment",
        "失业登记",
        (
            Person(),
            Code("登记编号", "reference_no", max_length=40),
            AreaCode("区划代码", "area_code"),
            Day("登记日期", "registered_on"),
            Day("终止日期", "ended_on", required=False),
            Text("失业原因", "reason", required=False, max_length=100),
            Whole("核定月数", "months_granted", most=600),
            Whole("已领月数", "months_used", most=600),
        ),
        key=KEY,
        store=storing(
            UnemploymentRegistration,
            "registered_on",
            "ended_on",
            "reason",
            "months_granted",
            "months_used",
            area_id="area_code",
        ),
        checks=(used_of_granted, ended_after_registered),
        source="unemployment",
    ),
    Kind(
        "injuries",
        "工伤认定",
        (
            Person(),
            Code("认定书编号", "reference_no", max_length=40),
            AgencyCode("机构编码", "agency_code", required=False),
            Unit(required=False),
            Day("受伤日期", "injured_on"),
            Day("认定日期", "recognised_on", required=False),
            Whole("伤残等级", "grade", required=False, least=1, most=10),
            Whole("护理等级", "care_level", required=False, least=1, most=3),
        ),
        key=KEY,
        store=storing(WorkInjury, "employer_id", "injured_on", "recognised_on", "grade", "care_level"),
        source="injuries",
    ),
    Kind(
        "diseases",
        "职业病",
        (
            Person(),
            Code("诊断编号", "reference_no", max_length=40),
            Text("病名", "name_of_disease", max_length=100, personal=True),
            Day("诊断日期", "diagnosed_on"),
            Text("诊断机构", "institution", required=False, max_length=100),
        ),
        key=KEY,
        store=storing(OccupationalDisease, "diagnosed_on", "institution", name="name_of_disease"),
        source="diseases",
    ),
    Kind(
        "disabilities",
        "残疾",
        (
            Person(),
            MaskedCode("残疾证号", "reference_no", max_length=40),
            Text("残疾类别", "kind", max_length=40, personal=True),
            Whole("残疾等级", "grade", least=1, most=4),
            Day("发证日期", "certified_on"),
        ),
        key=KEY,
        store=storing(Disability, "kind", "grade", "certified_on"),
        source="disabilities",
    ),
]
