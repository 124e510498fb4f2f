"""Loading files into the registers: added once, changed where state changed, untouched where refused."""

import csv
import random
from datetime import date

import pytest
from django.db import connection
from django.utils.translation import override

from portal.feed import ALL_KINDS
from registry.feed.loader import FeedLoad
from registry.models import (
    Card,
    Disability,
    Employer,
    EnrolmentEvent,
    FeedFile,
    Identifier,
    InsuredPerson,
    SourceState,
    UnitNumber,
)
from tests import malformed_workbooks
from tests.cast import BEIJING, CAST, HARBOUR, citizen_number, credit_code
from tests.malformed_rows import (
    CARD,
    EMPLOYER,
    ENROLMENT,
    EVENT,
    FORMER,
    NEWCOMER,
    NUMBER,
    PAID,
    PERSON,
    SOCIAL,
    SOURCE,
    changed,
    one_person,
    paid,
    person,
    slip,
    table,
)

OTHER = citizen_number(date(1990, 1, 1), 777)


@pytest.fixture
def load(db, as_job, tmp_path):
    """Load bytes as a file; gives the FeedLoad."""

    def run(data, ending=".csv"):
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}{ending}"
        path.write_bytes(data)
        with as_job(), override(None):
            return FeedLoad(path).run(ALL_KINDS)

    return run


def counts(load):
    assert not load.is_refused, load.rejects.kept
    return load.stored.added, load.stored.changed, load.stored.already_there


def complaints(load):
    return [(reject.row, reject.column) for reject in load.rejects.kept]


def number_of(id_type, number):
    return InsuredPerson.objects.with_number(id_type, number).get()


def test_the_same_file_again_is_recognised(load):
    first, again = load(one_person()), load(one_person())
    assert counts(first) == (1, 0, 0)
    assert again.loaded_before == FeedFile.objects.get(digest=first.digest).loaded_at
    assert counts(again) == (0, 0, 0)


def shuffled(data, encoding):
    header, *rows = csv.reader(data.decode().splitlines())
    order = list(range(len(header)))
    random.Random(3).shuffle(order)
    random.Random(4).shuffle(rows)
    return table(
        ",".join(header[place] for place in order),
        *[[row[place] for place in order] for row in rows],
        encoding=encoding,
    )


def as_workbook(data):
    header, *rows = csv.reader(data.decode().splitlines())
    return malformed_workbooks.book(*rows, header=header)


def test_the_same_rows_in_another_dress_add_nothing(load):
    """Fault X11: other order, other encoding, a workbook, and one row more."""
    data = table(PERSON, NEWCOMER, person(姓名="卫䶮·𠮷", 证件号码=OTHER, 手机号="", 联系地址=""))
    assert counts(load(data)) == (2, 0, 0)
    assert counts(load(shuffled(data, "utf-8"))) == (0, 0, 2)
    assert counts(load(shuffled(data, "gb18030"))) == (0, 0, 2)
    assert counts(load(as_workbook(data), ".xlsx")) == (0, 0, 2)
    third = ",".join(person(证件号码=citizen_number(date(1991, 2, 3), 778)))
    assert counts(load(data + f"{third}\r\n".encode())) == (1, 0, 2)


def test_a_person_is_kept_encrypted_and_found_by_her_number(load):
    load(one_person())
    woman = number_of("citizen", NUMBER)
    assert (woman.name, woman.sex, woman.birth_date) == ("新来人", "F", date(1984, 3, 7))
    assert (woman.phone, woman.address) == ("13800000777", "和平路")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM registry_insuredperson p JOIN registry_identifier i ON i.person_id = p.id")
        stored = b"\n".join(
            bytes(v) if not isinstance(v, str) else v.encode() for row in cursor for v in map(_raw, row)
        )
    assert not any(secret.encode() in stored for secret in (NUMBER, "13800000777", "和平路"))


def _raw(value):
    return value if isinstance(value, bytes | memoryview | str) else str(value)


@pytest.mark.parametrize(
    "cells",
    [{"姓名": "新名字"}, {"手机号": "13900000000"}, {"联系地址": ""}, {"死亡日期": "2024-01-01"}, {"民族": "回族"}],
)
def test_a_changed_detail_is_state_and_is_updated(load, cells):
    load(one_person())
    assert counts(load(one_person(**cells))) == (0, 1, 0)
    assert counts(load(shuffled(one_person(**cells), "gb18030"))) == (0, 0, 1)


def test_details_come_from_the_file_not_from_the_number(load):
    """Sex and birth date of a number are defaults that an office may correct (domain.md 1.2)."""
    assert counts(load(one_person(性别="男", 出生日期="1984-03-08"))) == (1, 0, 0)


def test_a_new_number_keeps_the_person_and_the_former_number(load):
    load(table(PERSON, person(证件类型="护照", 证件号码="G1234567")))
    before = number_of("passport", "G1234567")
    renumbered = table(FORMER, [*NEWCOMER, "护照", "G1234567"])
    assert counts(load(renumbered)) == (0, 1, 0)
    assert number_of("citizen", NUMBER) == number_of("passport", "G1234567") == before
    assert list(before.identifiers.order_by("is_main").values_list("id_type", "is_main")) == [
        ("passport", False),
        ("citizen", True),
    ]
    assert counts(load(shuffled(renumbered, "gb18030"))) == (0, 0, 1)


def test_a_former_number_alone_is_a_change(load):
    load(one_person())
    assert counts(load(table(FORMER, [*NEWCOMER, "护照", "G1234567"]))) == (0, 1, 0)
    assert number_of("passport", "G1234567") == number_of("citizen", NUMBER)


def test_rows_of_a_merged_duplicate_go_to_the_person_she_is(load, as_job):
    load(one_person())
    wang, duplicate = number_of("citizen", CAST.wang.number), number_of("citizen", NUMBER)
    with as_job():
        InsuredPerson.objects.filter(pk=duplicate.pk).update(merged_into=wang)
    card = [BEIJING, "N1", "2020-01-01", "正常", "", "", "", "无", ""]
    assert counts(load(table(CARD, ["新来人", "居民身份证", NUMBER, *card]))) == (1, 0, 0)
    assert counts(load(table(CARD, [CAST.wang.name, "居民身份证", NUMBER, *card]))) == (0, 0, 1)
    assert Card.objects.get(number_hash=Card.hash_of(BEIJING, "N1")).person == wang


def test_an_employer_has_one_row_and_a_number_at_each_agency(load):
    row = [credit_code(999), "新单位", BEIJING, SOCIAL, "U9SI", "2", "和平路", "2020-01-01", ""]
    other = changed(EMPLOYER, row, 机构编码="MI110000", 单位编号="U9MI")
    assert counts(load(table(EMPLOYER, row))) == (1, 0, 0)
    assert counts(load(table(EMPLOYER, row, other))) == (1, 0, 1)
    moved = [changed(EMPLOYER, each, 地址="新路") for each in (row, other)]
    assert counts(load(table(EMPLOYER, *moved))) == (0, 2, 0)
    employer = Employer.objects.get(credit_code=credit_code(999))
    assert (employer.address, UnitNumber.objects.filter(employer=employer).count()) == ("新路", 2)
    assert Employer.objects.get(credit_code=HARBOUR).address == "海淀区1号"


def test_a_card_is_updated_under_its_number(load):
    row = [*CAST.wang.p, BEIJING, "bj-777", "2020-01-01", "未激活", "", "", "", "无", ""]
    assert counts(load(table(CARD, row))) == (1, 0, 0)
    assert counts(load(table(CARD, changed(CARD, row, 社保功能状态="正常", 卡号="BJ777")))) == (0, 1, 0)
    card = Card.objects.get(number_hash=Card.hash_of(BEIJING, "BJ777"))
    assert (card.status, card.number) == ("active", "BJ777")


def test_an_event_is_history_and_never_overwritten(load):
    row = [*CAST.wang.p, "职工基本养老保险", BEIJING, "N1", "续保", "202401", "2024-01-05", "窗口", "", "", "", ""]
    first = load(table(EVENT, row))
    assert counts(first) == (1, 0, 0)
    assert counts(load(as_workbook(table(EVENT, row)), ".xlsx")) == (0, 0, 1)
    clash = load(table(EVENT, changed(EVENT, row, 生效年月="202402")))
    assert complaints(clash) == [(2, "生效年月")]
    assert f"2024-01-01 from {first.name}, line 2" in clash.rejects.kept[0].expected
    assert EnrolmentEvent.objects.get(event_no="N1").effective_month == date(2024, 1, 1)


def test_a_certificate_that_contains_the_number_is_kept_masked(load):
    header = "姓名,证件类型,证件号码,残疾证号,残疾类别,残疾等级,发证日期"
    row = [*CAST.wang.p, CAST.wang.number + "44", "肢体", "4", "2020-01-01"]
    assert counts(load(table(header, row))) == (1, 0, 0)
    assert CAST.wang.number not in Disability.objects.get(person=number_of("citizen", CAST.wang.number)).reference_no


def test_one_wrong_line_refuses_the_file_and_every_line_is_told(load):
    wrong = person(证件号码=OTHER[:-1] + "?", 性别="x", 出生日期="")
    refused = load(table(PERSON, NEWCOMER, wrong, NEWCOMER[:-1], person(手机号="1" * 30)))
    assert complaints(refused) == [(3, "性别"), (3, "出生日期"), (3, "证件号码"), (4, ""), (5, "手机号")]
    assert not InsuredPerson.objects.with_number("citizen", NUMBER).exists()
    record = FeedFile.objects.get(digest=refused.digest)
    assert (record.state, record.kind, record.lines, record.refused_lines) == ("refused", "persons", 4, 3)


def test_a_refused_file_may_be_delivered_again_once_it_is_right(load):
    card = [BEIJING, "N1", "2020-01-01", "正常", "", "", "", "无", ""]
    early = table(CARD, ["新来人", "居民身份证", NUMBER, *card])
    assert load(early).is_refused
    load(one_person())
    assert counts(load(early)) == (1, 0, 0)


def test_complaints_are_bounded_and_reading_stops(load):
    refused = load(table(PERSON, *[["x"]] * 5_000))
    assert len(refused.rejects.kept) == refused.rejects.count == 1_000
    assert refused.lines == 1_000


def test_personal_values_are_masked_in_complaints(load):
    header = CARD
    card = [BEIJING, "N1", "2020-01-01", "正常", "", "", "", "无", ""]
    refused = load(table(header, ["王大明", *CAST.wang.p[1:], *card], ["赵某某", "居民身份证", OTHER, *card]))
    shown = {reject.column: reject.value for reject in refused.rejects.kept}
    assert shown == {"姓名": "王*明", "证件号码": f"{OTHER[:6]}********{OTHER[-4:]}"}


def test_a_rule_that_only_the_database_knows_refuses_too(load, as_job, monkeypatch):
    """Without the check that says it better, the constraint still holds, and nothing crashes."""
    kinds = {kind.name: kind for kind in ALL_KINDS}
    monkeypatch.setitem(kinds["employment"].__dict__, "checks", ())
    header = "姓名,证件类型,证件号码,机构编码,单位编号,入职日期,离职日期,岗位,申报来源,增员申报日期,减员申报日期"
    refused = load(table(header, [*CAST.wang.p, SOCIAL, "U1SI", "2020-05-01", "2020-04-30", "", "单位", "", ""]))
    assert "employment_spell_ends_after_start" in refused.rejects.kept[0].expected
    assert CAST.wang.number not in refused.rejects.kept[0].expected


def state(kind="contributions", agency=SOCIAL):
    return SourceState.objects.get(agency=agency, area=BEIJING, kind=kind).refused_at


def test_a_refused_file_puts_its_source_in_doubt_until_a_good_one_comes(load):
    good = paid(slip(征集流水号="G1"))
    assert load(paid(slip(征集流水号="W1", 个人缴费金额="1.005"))).is_refused
    assert state() is not None
    assert state(agency="MI110000") is None
    assert state("benefits") is None
    assert counts(load(good)) == (1, 0, 0)
    assert state() is None


def test_a_file_damaged_half_way_still_says_whose_it_is(load):
    assert load(paid(slip(征集流水号="W1")) + b"\xff\xff\n").is_refused
    assert state() is not None


def test_a_good_file_of_another_kind_does_not_hide_the_refused_one(load):
    assert load(paid(slip(征集流水号="W1", 个人缴费金额="1.005"))).is_refused
    header = (
        "拨付单号,行号,机构编码,姓名,证件类型,证件号码,险种,区划代码,对应费款所属期,记账年月,补贴级次,补贴金额,到账日期"
    )
    row = [
        "B9",
        "1",
        SOCIAL,
        *CAST.qian.p,
        "城乡居民养老保险",
        BEIJING,
        "202406",
        "202406",
        "市级",
        "60.00",
        "2024-06-20",
    ]
    control = ["合计", "1", *[""] * 9, "60.00", ""]
    assert counts(load(table(header, row, control))) == (1, 0, 0)
    assert state() is not None


def test_a_source_first_heard_of_after_its_refused_file_is_in_doubt(load, as_job):
    assert load(paid(slip(机构编码="SI310000", 区划代码="310000", 个人缴费金额="1.005"))).is_refused
    with as_job():
        SourceState.objects.filter(agency="SI310000", kind="contributions").update(kind="elsewhere")
    told = table(SOURCE, ["SI310000", "310000", "缴费记录", "202401", "2024-02-01", ""])
    assert counts(load(told)) == (1, 0, 0)
    assert SourceState.objects.get(agency="SI310000", kind="contributions").refused_at is not None


def test_stating_how_far_a_source_reaches_does_not_clear_a_doubt(load):
    assert load(paid(slip(个人缴费金额="1.005"))).is_refused
    assert counts(load(table(SOURCE, [SOCIAL, BEIJING, "缴费记录", "203001", "2024-02-01", ""]))) == (0, 1, 0)
    assert state() is not None


def test_enrolments_of_several_agencies_are_all_in_doubt(load):
    row = [
        *CAST.sun.p,
        "",
        "职工基本养老保险",
        BEIJING,
        SOCIAL,
        "职工",
        "正常参保",
        "202401",
        "2024-01-01",
        "2024-01-01",
        "",
    ]
    medical = changed(ENROLMENT, row, 险种="职工基本医疗保险", 机构编码="MI110000")
    assert load(table(ENROLMENT, row, medical, changed(ENROLMENT, row, 姓名="别人"))).is_refused
    assert state("enrolments") is not None
    assert state("enrolments", "MI110000") is not None
    assert counts(load(table(ENROLMENT, row, medical))) == (2, 0, 0)
    assert state("enrolments") is None


def test_the_control_row_is_remembered_as_the_files_total(load):
    loaded = load(paid(slip(征集流水号="G1")))
    assert FeedFile.objects.get(digest=loaded.digest).total == 1600
    assert PAID.split(",")[0] == "征集流水号"


def test_numbers_are_never_staged(load, monkeypatch):
    """What stands in the raw table while the file is checked holds no identity number, phone or address."""
    from registry.feed import staging  # noqa: PLC0415

    seen = []
    real = staging.fill_typed

    def look(cursor, kind):
        cursor.execute(f"SELECT r::text FROM {kind.raw_table} r")
        seen.extend(text for (text,) in cursor.fetchall())
        return real(cursor, kind)

    monkeypatch.setattr(staging, "fill_typed", look)
    load(one_person())
    load(table(CARD, [*CAST.wang.p, BEIJING, "CARD777", "2020-01-01", "正常", "", "", "", "无", ""]))
    assert len(seen) == 2
    assert not any(s in text for text in seen for s in (NUMBER, CAST.wang.number, "13800000777", "和平路", "CARD777"))
    assert Identifier.objects.filter(number_hash=Identifier.hash_of("citizen", NUMBER)).exists()
