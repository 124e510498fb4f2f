"""Feed files whose lines are wrong: numbers, days, words, amounts, and what they say about other records."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass

from stdnum.iso7064 import mod_11_2

from .cast import BEIJING, CAST, HARBOUR, citizen_number, credit_code

SOCIAL, TAX = "SI110000", "TX110000"
P = "姓名,证件类型,证件号码"
PERSON = f"{P},性别,出生日期,民族,户籍性质,户籍地,手机号,联系地址,死亡日期"
FORMER = f"{PERSON},曾用证件类型,曾用证件号码"
AREA = "区划代码,区划名称,上级区划代码,是否统筹区"
EMPLOYER = "统一社会信用代码,单位名称,区划代码,机构编码,单位编号,工伤风险类别,地址,登记日期,注销日期"
CARD = f"{P},发卡区划代码,卡号,发卡日期,社保功能状态,社保功能激活日期,"
CARD += "合作银行,银行账号后四位,银行账户状态,银行账户激活日期"
EMPLOYMENT = f"{P},机构编码,单位编号,入职日期,离职日期,岗位,申报来源,增员申报日期,减员申报日期"
ENROLMENT = f"{P},个人编号,险种,区划代码,机构编码,人员类别,参保状态,状态起始年月,首次参保日期,登记日期,单位编号"
EVENT = f"{P},险种,区划代码,变动编号,变动类型,生效年月,办理日期,来源,机构编码,单位编号,对方统筹区,凭证号"
JOBLESS = f"{P},登记编号,区划代码,登记日期,终止日期,失业原因,核定月数,已领月数"
INJURY = f"{P},认定书编号,机构编码,单位编号,受伤日期,认定日期,伤残等级,护理等级"
STAFF = "工号,姓名,角色,机构编码,办公地点,任职日期,离任日期"
AGENT = f"{P},机构编码,单位编号,授权起始日,授权终止日,介绍信编号"
SOURCE = "机构编码,区划代码,数据种类,完整至年月,交付日期,下次预计日期"
PAID = (
    f"征集流水号,行号,机构编码,{P},险种,区划代码,人员类别,对应费款所属期,记账年月,缴费类型,"
    "缴费基数,个人缴费金额,滞纳金,到账日期,原参保地"
)
NUMBER = citizen_number(CAST.wang.birth, 777)
NEWCOMER = ["新来人", "居民身份证", NUMBER, "女", "1984-03-07", "汉族", "城镇", "北京市", "13800000777", "和平路", ""]
SLIP = ["X1", "1", SOCIAL, *CAST.chen.p, "职工基本养老保险", BEIJING, "灵活就业", "202406", "202406", "正常"]
SLIP += ["8000.00", "1600.00", "0.00", "2024-06-08", ""]
PAID_TOTAL = {"行号": "1", "缴费基数": "8000.00", "个人缴费金额": "1600.00", "滞纳金": "0.00"}


@dataclass(frozen=True)
class Case:
    """One bad file: `expected` is part of the complaint; `row` and `column` are where it points, if anywhere."""

    name: str
    content: bytes | Callable
    expected: str
    row: int = 0
    column: str = ""
    ending: str = ".csv"

    @property
    def data(self):
        """The file's bytes; the large ones are made when asked for."""
        return self.content() if callable(self.content) else self.content


def table(header, *rows, encoding="utf-8"):
    """A CSV file's bytes."""
    out = io.StringIO()
    csv.writer(out).writerows([header.split(","), *rows])
    return out.getvalue().encode(encoding, "surrogatepass")


def changed(header, row, **cells):
    """The row with the cells under some headers replaced."""
    names = header.split(",")
    return [str(cells.get(name, cell)) for name, cell in zip(names, row, strict=True)]


def person(**cells):
    return changed(PERSON, NEWCOMER, **cells)


def one_person(**cells):
    return table(PERSON, person(**cells))


def paid(*rows, **control):
    """A file of personal contributions with its control row."""
    names = PAID.split(",")
    totals = PAID_TOTAL | {"征集流水号": "合计"} | control
    return table(PAID, *(rows or [SLIP]), [totals.get(name, "") for name in names])


def slip(**cells):
    return changed(PAID, SLIP, **cells)


def _numbers_of_people():
    column = "证件号码"
    no_day = "99010119840230" + "001"
    no_day += mod_11_2.calc_check_digit(no_day)
    wrong = NUMBER[:-1] + ("0" if NUMBER[-1] != "0" else "1")
    yield Case("number empty", one_person(证件号码=""), "must not be empty", 2, column)
    yield Case("number too short", one_person(证件号码=NUMBER[:17]), "this one has 17", 2, column)
    yield Case("number too long", one_person(证件号码=NUMBER + "1"), "this one has 19", 2, column)
    yield Case(
        "number of 15 digits", one_person(证件号码=NUMBER[:6] + NUMBER[8:17]), "old number of 15 digits", 2, column
    )
    yield Case("number with a letter", one_person(证件号码="A" + NUMBER[1:]), "has only digits", 2, column)
    yield Case("number that fits not", one_person(证件号码=wrong), "does not fit the others", 2, column)
    yield Case(
        "number without a birthday",
        one_person(证件号码=no_day),
        "birth date that the calendar does not have",
        2,
        column,
    )
    yield Case(
        "number made a figure", one_person(证件号码="9.90101E+17"), "turned this number into a figure", 2, column
    )
    yield Case("passport in Chinese", one_person(证件类型="护照", 证件号码="护照一号"), "has only digits", 2, column)
    yield Case("id type unknown", one_person(证件类型="军官证"), "one of 居民身份证", 2, "证件类型")
    yield Case("id type empty", one_person(证件类型=""), "must not be empty", 2, "证件类型")
    yield Case("person twice", table(PERSON, NEWCOMER, NEWCOMER), "the same as in line 2", 3)
    former = [*NEWCOMER, "居民身份证", CAST.li.number]
    two = [*person(证件号码=CAST.wang.number), "居民身份证", CAST.li.number]
    yield Case(
        "former number fits not", table(FORMER, [*NEWCOMER, "居民身份证", wrong]), "does not fit", 2, "曾用证件号码"
    )
    yield Case("two persons in one", table(FORMER, two), "it belongs to another one", 2, "曾用证件号码")
    yield Case(
        "person twice by a former number",
        table(FORMER, former, [*person(证件号码=CAST.li.number), "", ""]),
        "another person than in line 2",
        3,
    )
    stranger = ["无此人", "居民身份证", NUMBER]
    card = [BEIJING, "N1", "2020-01-01", "正常", "", "", "", "无", ""]
    yield Case("nobody's card", table(CARD, [*stranger, *card]), "the number of a person in the register", 2, column)
    yield Case("another name", table(CARD, ["王大明", *CAST.wang.p[1:], *card]), "the name in the register", 2, "姓名")


def _names():
    for sign in "=+-@":
        yield Case(
            f"name begins with {sign}", one_person(姓名=f"{sign}cmd|calc"), "none of = + - @ in front", 2, "姓名"
        )
    yield Case("name empty", one_person(姓名=""), "must not be empty", 2, "姓名")
    yield Case("name too long", one_person(姓名="长" * 61), "at most 60 characters", 2, "姓名")
    yield Case("phone too long", one_person(手机号="1" * 21), "at most 20 characters", 2, "手机号")
    yield Case("ethnic group too long", one_person(民族="族" * 21), "at most 20 characters", 2, "民族")


def _days_and_words():
    day = "a day such as 2026-10-15"
    for text in ("2025-02-30", "2025-02-29", "1900-02-29", "2025-04-31", "2025-13-01", "2025-00-10", "2025/02/03",
                 "20250203", "2025-2-3", "45691", "１９８４-03-07", "3025-01-01", "2025-02-03 00:00:00"):  # fmt: skip
        yield Case(f"day {text.replace('/', '_')}", one_person(出生日期=text), day, 2, "出生日期")
    yield Case("day missing", one_person(出生日期=""), "must not be empty", 2, "出生日期")
    yield Case("dead before born", one_person(死亡日期="1984-03-06"), "a day not before the birth", 2, "死亡日期")
    yield Case("word unknown", one_person(性别="女性"), "one of 男、女", 2, "性别")
    event = [*CAST.wang.p, "职工基本养老保险", BEIJING, "N1", "续保", "202401", "2024-01-05", "窗口", "", "", "", ""]
    for text in ("202413", "202400", "2024-01", "24-01", "２０２４０１", "2024 1", "1899012"):
        yield Case(
            f"month {text}", table(EVENT, changed(EVENT, event, 生效年月=text)), "a month as six digits", 2, "生效年月"
        )
    yield Case(
        "number with a blank", table(EVENT, changed(EVENT, event, 变动编号="N 1")), "without blanks", 2, "变动编号"
    )
    yield Case(
        "number that is a formula",
        table(EVENT, changed(EVENT, event, 变动编号="=1+1")),
        "none of = + - @",
        2,
        "变动编号",
    )
    nobody = changed(EVENT, event, 险种="生育保险")
    yield Case("event without enrolment", table(EVENT, nobody), "none is known", 2)


def _registers():
    area = ["990000", "示例省", "", "否"]
    yield Case(
        "area of five digits", table(AREA, changed(AREA, area, 区划代码="99000")), "exactly 6 digits", 2, "区划代码"
    )
    yield Case(
        "area below nothing", table(AREA, changed(AREA, area, 上级区划代码="980000")), "another area", 2, "上级区划代码"
    )
    yield Case(
        "area below itself", table(AREA, changed(AREA, area, 上级区划代码="990000")), "another area", 2, "上级区划代码"
    )
    yield Case("neither yes nor no", table(AREA, changed(AREA, area, 是否统筹区="Y")), "one of 是、否", 2, "是否统筹区")
    yield Case("area twice", table(AREA, area, area), "the same as in line 2", 3)
    employer = [credit_code(999), "新单位", BEIJING, SOCIAL, "U9", "2", "", "", ""]

    def unit(**cells):
        return table(EMPLOYER, changed(EMPLOYER, employer, **cells))

    code = credit_code(999)
    yield Case(
        "credit code fits not",
        unit(统一社会信用代码=code[:-1] + ("1" if code[-1] != "1" else "2")),
        "18 digits and capital letters",
        2,
        "统一社会信用代码",
    )
    yield Case("credit code too short", unit(统一社会信用代码="9199"), "18 digits", 2, "统一社会信用代码")
    yield Case("area unknown", unit(区划代码="999999"), "a known area's code", 2, "区划代码")
    yield Case("agency unknown", unit(机构编码="NONE"), "the code of a known agency", 2, "机构编码")
    yield Case("risk class 9", unit(工伤风险类别="9"), "a whole number from 1 to 8", 2, "工伤风险类别")
    yield Case("risk class 2.5", unit(工伤风险类别="2.5"), "a whole number from 1 to 8", 2, "工伤风险类别")
    yield Case("unit number taken", unit(单位编号="U1SI"), "has not given another employer", 2, "单位编号")
    other = changed(EMPLOYER, employer, 单位编号="U10", 单位名称="别的名字")
    yield Case(
        "employer with two names",
        table(EMPLOYER, employer, other),
        "the same details of this employer",
        3,
        "统一社会信用代码",
    )
    known = changed(EMPLOYER, employer, 统一社会信用代码=HARBOUR, 单位编号="U2SI")
    yield Case("unit number of a neighbour", table(EMPLOYER, known), "has not given another employer", 2, "单位编号")


def _insured():
    card = [*CAST.wang.p, BEIJING, "N1", "2020-01-01", "正常", "", "", "1234", "无", ""]

    def cards(**cells):
        return table(CARD, changed(CARD, card, **cells))

    yield Case("card number too long", cards(卡号="9" * 33), "a card number of at most 32", 2, "卡号")
    yield Case("card number empty", cards(卡号=""), "a card number of at most 32", 2, "卡号")
    yield Case("card of somebody else", cards(卡号="BJ0000102"), "not issued to somebody else", 2, "卡号")
    yield Case("three last digits", cards(银行账号后四位="123"), "exactly 4 digits", 2, "银行账号后四位")
    work = [*CAST.wang.p, SOCIAL, "U1SI", "2020-05-01", "2020-04-30", "", "单位", "", ""]
    yield Case("left before hired", table(EMPLOYMENT, work), "a day not before the first one", 2, "离职日期")
    yield Case(
        "unit unknown",
        table(EMPLOYMENT, changed(EMPLOYMENT, work, 单位编号="U404", 离职日期="")),
        "gave a known employer",
        2,
        "单位编号",
    )
    yield Case(
        "unit of another agency",
        table(EMPLOYMENT, changed(EMPLOYMENT, work, 单位编号="U1MI", 离职日期="")),
        "gave a known employer",
        2,
        "单位编号",
    )
    enrolled = [
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
    yield Case(
        "agency of another family",
        table(ENROLMENT, changed(ENROLMENT, enrolled, 机构编码="MI110000")),
        "keeps the records of this insurance",
        2,
        "机构编码",
    )
    yield Case(
        "no pooling area",
        table(ENROLMENT, changed(ENROLMENT, enrolled, 区划代码="330000")),
        "a known pooling area",
        2,
        "区划代码",
    )
    yield Case(
        "scheme unknown", table(ENROLMENT, changed(ENROLMENT, enrolled, 险种="养老")), "one of 职工基本", 2, "险种"
    )
    jobless = [*CAST.wang.p, "J1", BEIJING, "2020-01-01", "", "", "6", "7"]
    yield Case("more months than granted", table(JOBLESS, jobless), "not more months than were granted", 2, "已领月数")
    injury = [*CAST.wang.p, "G1", SOCIAL, "U1SI", "2020-01-01", "", "11", ""]
    yield Case("grade 11", table(INJURY, injury), "a whole number from 1 to 10", 2, "伤残等级")


def _offices():
    clerk = ["C9", "新窗口", "窗口经办人", SOCIAL, "9 号窗口", "2024-01-01", ""]
    yield Case("role unknown", table(STAFF, changed(STAFF, clerk, 角色="管理员")), "one of 窗口经办人", 2, "角色")
    yield Case(
        "ended before it began",
        table(STAFF, changed(STAFF, clerk, 离任日期="2023-01-01")),
        "a day not before the first one",
        2,
        "离任日期",
    )
    yield Case("staff number twice", table(STAFF, clerk, clerk), "the same as in line 2", 3)
    agent = [*CAST.agent.p, SOCIAL, "U1SI", "2025-01-01", "", "L9"]
    renamed = changed(AGENT, agent, 姓名="蒋改名", 单位编号="U2SI")
    yield Case("agent with two names", table(AGENT, agent, renamed), "goes with this number further up", 3, "姓名")
    source = [TAX, BEIJING, "缴费记录", "202401", "2024-02-01", ""]
    yield Case("source of another office", table(SOURCE, source), "delivers this kind of data", 2, "机构编码")


def _money():
    column = "个人缴费金额"
    amount, decimals = "an amount such as 640.00", "at most two decimals"
    amounts = {"640.005": decimals, "1,600.00": amount, "1.6e3": amount, "NaN": amount, "Infinity": amount,
               "１６００.00": amount, "¥1600": amount, "1600元": amount, "01600.00": amount, "1600.": amount,
               ".50": amount, "+1600.00": amount, "--1600": amount, "9" * 14: amount, "": "must not be empty",
               "=1+1": amount, "0x640": amount}  # fmt: skip
    for text, expected in amounts.items():
        yield Case(f"amount {text or 'missing'}", paid(slip(个人缴费金额=text)), expected, 2, column)
    control = "the control row"
    yield Case("control row missing", table(PAID, SLIP), "the last line must be the control row")
    yield Case("one fen too much", paid(个人缴费金额="1600.01"), f"{control} states 1600.01", column=column)
    yield Case("one line too few", paid(行号="2"), f"{control} states 2, the lines come to 1", column="行号")
    yield Case("control amount missing", paid(滞纳金=""), f"{control} states —", column="滞纳金")
    yield Case("control amount with commas", paid(缴费基数="8,000.00"), f"{control} states 8,000.00", column="缴费基数")
    yield Case("line after the control row", paid() + ",".join(SLIP).encode(), "nothing may follow the control row", 4)
    yield Case(
        "cut in the middle", paid(SLIP, slip(行号="2")).rsplit(b"\r\n", 2)[0], "the last line must be the control"
    )
    two = slip(机构编码="SI310000", 行号="2")
    yield Case(
        "two agencies",
        paid(SLIP, two, 行号="2", 缴费基数="16000.00", 个人缴费金额="3200.00"),
        "all lines of a file come from one agency",
        3,
        "机构编码",
    )
    yield Case("line 0", paid(slip(行号="0")), "a whole number from 1", 2, "行号")
    yield Case("line 1.5", paid(slip(行号="1.5")), "a whole number from 1", 2, "行号")
    yield Case("line far too big", paid(slip(行号="1" * 12)), "a whole number from 1", 2, "行号")
    yield Case("slip and line twice", paid(SLIP, SLIP), "the same as in line 2", 3)
    yield Case("payment kind unknown", paid(slip(缴费类型="预缴")), "one of 正常", 2, "缴费类型")


MAKERS = (_numbers_of_people, _names, _days_and_words, _registers, _insured, _offices, _money)
