"""The cast's records as feed files, and its activation."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.management import call_command

from inquiries import activation
from inquiries.models import User
from registry.models import InsuredPerson
from registry.roles import acting_as

from .cast import (
    BASE,
    BEIJING,
    CAST,
    CLERK,
    COMPLETE_TO,
    HANGZHOU,
    HARBOUR,
    MEDICAL,
    NOW,
    OPERATOR,
    PASSWORD,
    SHANGHAI,
    SHANGHAI_CLERK,
    SOCIAL,
    STRANGER_BASE,
    STRANGER_WORKS,
    TAX,
    TODAY,
    Folder,
    months_ago,
    ym,
)

PENSION, RESIDENT_PENSION = "职工基本养老保险", "城乡居民养老保险"
HEALTH, RESIDENT_HEALTH = "职工基本医疗保险", "城乡居民医疗保险"
UNEMPLOYMENT, INJURY = "失业保险", "工伤保险"
AGENCY_OF = {PENSION: SOCIAL, UNEMPLOYMENT: SOCIAL, INJURY: SOCIAL, RESIDENT_PENSION: SOCIAL, HEALTH: MEDICAL}
AGENCY_OF[RESIDENT_HEALTH] = MEDICAL
CENT = Decimal("0.01")
# Shares of the base by scheme (employer, own), domain.md §2.2 rows 6, 12, 20/21 and 22 (class 2).
SHARES = {PENSION: ("0.16", "0.08"), HEALTH: ("0.06", "0.02"), UNEMPLOYMENT: ("0.005", "0.005"), INJURY: ("0.004", "0")}

P = "姓名,证件类型,证件号码"
ASSESSMENT = (
    f"核定单号,行号,机构编码,单位编号,{P},险种,区划代码,人员类别,费款所属期,"
    "申报工资,缴费基数,单位应缴,个人应缴,缴费期限"
)
EMPLOYER_LIST = (
    f"征集流水号,行号,机构编码,单位编号,{P},险种,区划代码,人员类别,对应费款所属期,记账年月,缴费类型,"
    "缴费基数,单位缴费金额,个人缴费金额,滞纳金,到账日期"
)
PERSON_LIST = (
    f"征集流水号,行号,机构编码,{P},险种,区划代码,人员类别,对应费款所属期,记账年月,缴费类型,"
    "缴费基数,个人缴费金额,滞纳金,到账日期,原参保地"
)


def load():
    """Write the cast's files, load them as an operator would, and give everybody a password by activation."""
    with TemporaryDirectory() as path:
        write_feed(Folder(Path(path)))
        call_command("load_feed", path, verbosity=0)
    sign_up()


def agency(kind, area):
    return f"{kind}{area}"


def shares(scheme, base):
    er, own = SHARES[scheme]
    return (base * Decimal(er)).quantize(CENT), (base * Decimal(own)).quantize(CENT)


def write_feed(folder):
    _registers(folder)
    _people(folder)
    _enrolments(folder)
    _openings(folder)
    _assessments(folder)
    _contributions(folder)
    _personal(folder)
    _subsidies_and_benefits(folder)
    _staff(folder)
    _sources(folder)


def _registers(folder):
    folder.write(
        "areas",
        "区划代码,区划名称,上级区划代码,是否统筹区",
        [
            [BEIJING, "北京市", "", "是"],
            [SHANGHAI, "上海市", "", "是"],
            ["330000", "浙江省", "", "否"],
            [HANGZHOU, "杭州市", "330000", "是"],
        ],
    )
    families = {SOCIAL: "社会保险经办机构", MEDICAL: "医疗保障经办机构", TAX: "税务机关"}
    places = {BEIJING: "北京市", SHANGHAI: "上海市", HANGZHOU: "杭州市"}
    folder.write(
        "agencies",
        "机构编码,机构名称,机构类别,区划代码,电话,地址",
        [
            [agency(kind, area), place + family, family, area, "12333", f"{place}政务路1号"]
            for area, place in places.items()
            for kind, family in families.items()
        ],
    )
    units = [(HARBOUR, "海港食品有限公司", "U1"), (STRANGER_WORKS, "远山机械有限公司", "U2")]
    folder.write(
        "employers",
        "统一社会信用代码,单位名称,区划代码,机构编码,单位编号,工伤风险类别,地址,登记日期,注销日期",
        [
            [code, name, BEIJING, agency(kind, BEIJING), f"{unit}{kind}", "2", "海淀区1号", "2010-01-04", ""]
            for code, name, unit in units
            for kind in families
        ],
    )


def _people(folder):
    people = [getattr(CAST, name) for name in CAST.__dataclass_fields__ if getattr(CAST, name).sequence < 200]
    folder.write(
        "persons",
        f"{P},性别,出生日期,民族,户籍性质,户籍地,手机号,联系地址,死亡日期",
        [
            [
                *m.p,
                m.sex,
                m.birth.isoformat(),
                "汉族",
                "城镇",
                "北京市",
                f"138000{m.sequence:05d}",
                f"和平路{m.sequence}号",
                "",
            ]
            for m in people
        ],
    )
    folder.write(
        "cards",
        f"{P},发卡区划代码,卡号,发卡日期,社保功能状态,社保功能激活日期,合作银行,银行账号后四位,银行账户状态,银行账户激活日期",
        [
            [*m.p, BEIJING, f"BJ{m.sequence:07d}", "2020-05-06", "正常", "2020-05-06", "工商银行", "4321", "未激活", ""]
            for m in people
        ],
    )
    started = months_ago(12)
    spells = [(CAST.wang, "U1", started, ""), (CAST.li, "U2", started, ""), (CAST.wei, "U1", started, "")]
    spells += [(CAST.chu, "U1", started, (months_ago(3) + timedelta(days=27)).isoformat()), (CAST.zhou, "U1", NOW, "")]
    spells += [(CAST.wu, "U1", months_ago(4), "")]
    folder.write(
        "employment",
        f"{P},机构编码,单位编号,入职日期,离职日期,岗位,申报来源,增员申报日期,减员申报日期",
        [
            [
                *m.p,
                agency(SOCIAL, BEIJING),
                f"{unit}{SOCIAL}",
                since.isoformat(),
                until,
                "职员",
                "单位",
                since.isoformat(),
                "",
            ]
            for m, unit, since, until in spells
        ],
    )


def _enrolments(folder):
    staff = [(CAST.wang, "U1", months_ago(12)), (CAST.li, "U2", months_ago(12)), (CAST.wei, "U1", months_ago(12))]
    staff += [(CAST.chu, "U1", months_ago(12)), (CAST.wu, "U1", months_ago(4)), (CAST.zhou, "U1", NOW)]
    rows, events = [], []
    for member, unit, since in staff:
        for scheme in (PENSION, HEALTH, UNEMPLOYMENT, INJURY):
            rows.append(_enrolment(member, scheme, BEIJING, "职工", since, unit))
            events.append(_event(member, scheme, "新参保", since, unit))
    rows.append(_enrolment(CAST.zhao, HEALTH, BEIJING, "灵活就业单建统筹", months_ago(6)))
    rows.append(_enrolment(CAST.qian, RESIDENT_HEALTH, BEIJING, "城乡居民", months_ago(30)))
    rows.append(_enrolment(CAST.qian, RESIDENT_PENSION, BEIJING, "城乡居民", months_ago(30)))
    rows.append(_enrolment(CAST.zheng, PENSION, HANGZHOU, "职工", months_ago(2)))
    rows.append(_enrolment(CAST.feng, PENSION, BEIJING, "退休", months_ago(200), status="退休"))
    rows.append(_enrolment(CAST.chen, PENSION, BEIJING, "灵活就业", months_ago(5)))
    folder.write(
        "enrolments",
        f"{P},个人编号,险种,区划代码,机构编码,人员类别,参保状态,状态起始年月,首次参保日期,登记日期,单位编号",
        rows,
    )
    folder.write(
        "events",
        f"{P},险种,区划代码,变动编号,变动类型,生效年月,办理日期,来源,机构编码,单位编号,对方统筹区,凭证号",
        events,
    )


def _enrolment(member, scheme, area, category, since, unit="", status="正常参保"):
    office = agency(AGENCY_OF[scheme], area)
    first = since.isoformat()
    unit_no = f"{unit}{AGENCY_OF[scheme]}" if unit else ""
    return [*member.p, f"P{member.sequence}", scheme, area, office, category, status, ym(since), first, first, unit_no]


def _event(member, scheme, kind, since, unit):
    office = AGENCY_OF[scheme]
    number = f"E{member.sequence}-{scheme}-{ym(since)}"
    when = [number, kind, ym(since), since.isoformat(), "单位"]
    return [*member.p, scheme, BEIJING, *when, agency(office, BEIJING), f"{unit}{office}", "", ""]


def _openings(folder):
    folder.write(
        "openings",
        f"业务流水号,行号,{P},险种,区划代码,记账年月,类型,个人账户金额,统筹转入金额,来源说明",
        [
            ["OP1", 1, *CAST.wang.p, PENSION, BEIJING, ym(months_ago(12)), "期初", "12345.67", "0.00", "旧系统"],
            ["OP1", 2, *CAST.feng.p, PENSION, BEIJING, ym(months_ago(12)), "期初", "50000.00", "0.00", "旧系统"],
            ["TR1", 1, *CAST.chen.p, PENSION, BEIJING, ym(months_ago(4)), "转入", "31415.92", "14100.00", "成都市"],
        ],
        money=["个人账户金额", "统筹转入金额"],
    )


def _assessed(member, unit, scheme, period, base, due):
    er, own = shares(scheme, base)
    return [*member.p, scheme, BEIJING, "职工", ym(period), base, base, er, own, due.isoformat()], unit


def _assessments(folder):
    rows = []
    for period in (months_ago(3), months_ago(2), months_ago(1)):
        for member, unit, base in ((CAST.wang, "U1", BASE), (CAST.li, "U2", STRANGER_BASE), (CAST.wei, "U1", BASE)):
            rows.append(_assessed(member, unit, PENSION, period, base, period + timedelta(days=14)))
    for period in (months_ago(3), months_ago(2)):
        rows.append(_assessed(CAST.wu, "U1", PENSION, period, BASE, period + timedelta(days=14)))
    soon = TODAY + timedelta(days=20)
    rows.append(_assessed(CAST.wang, "U1", PENSION, NOW, BASE, soon))
    folder.write(
        "assessments",
        ASSESSMENT,
        [[f"A{i}", 1, agency(TAX, BEIJING), f"{unit}{TAX}", *row] for i, (row, unit) in enumerate(rows, 1)],
        money=["缴费基数", "单位应缴", "个人应缴"],
    )


def _contributions(folder):
    for office, schemes in ((SOCIAL, (PENSION, UNEMPLOYMENT, INJURY)), (MEDICAL, (HEALTH,))):
        lines = []
        for period in (months_ago(3), months_ago(2), months_ago(1)):
            for scheme in schemes:
                lines += _slip("U1", scheme, period, [CAST.wang, CAST.wei], BASE)
                lines += _slip("U2", scheme, period, [CAST.li], STRANGER_BASE)
        if office == SOCIAL:
            lines += _paid_late()
        rows = [[slip, n, agency(office, BEIJING), f"{unit}{office}", *rest] for slip, n, unit, *rest in lines]
        folder.write(
            f"contributions-{office}",
            EMPLOYER_LIST,
            rows,
            money=["缴费基数", "单位缴费金额", "个人缴费金额", "滞纳金"],
        )


def _slip(unit, scheme, period, people, base):
    er, own = shares(scheme, base)
    slip = f"S{unit}-{ym(period)}-{scheme}"
    received = (period + timedelta(days=9)).isoformat()
    return [
        [slip, n, unit, *m.p, scheme, BEIJING, "职工", ym(period), ym(period), "正常", base, er, own, "0.00", received]
        for n, m in enumerate(people, 1)
    ]


def _paid_late():
    """Chu's month of half a year ago, paid three months late with a late fee; a refund of part of Wang's."""
    er, own = shares(PENSION, BASE)
    late, booked = months_ago(6), months_ago(3)
    day = (booked + timedelta(days=11)).isoformat()
    lines = [
        [
            "B1",
            1,
            "U1",
            *CAST.chu.p,
            PENSION,
            BEIJING,
            "职工",
            ym(late),
            ym(booked),
            "补缴",
            BASE,
            er,
            own,
            "89.28",
            day,
        ]
    ]
    back = (months_ago(1) + timedelta(days=20)).isoformat()
    wang = [*CAST.wang.p, PENSION, BEIJING, "职工", ym(months_ago(3)), ym(months_ago(1)), "退费"]
    lines.append(["R1", 1, "U1", *wang, "-1000.00", "-160.00", "-80.00", "0.00", back])
    return lines


def _personal(folder):
    rows = []
    for n, period in enumerate((months_ago(3), months_ago(2), months_ago(1)), 1):
        day = (period + timedelta(days=8)).isoformat()
        base = BASE
        paid = (base * Decimal("0.20")).quantize(CENT)
        chen = [*CAST.chen.p, PENSION, BEIJING, "灵活就业", ym(period), ym(period), "正常", base, paid, "0.00", day, ""]
        rows.append(["F1", n, agency(SOCIAL, BEIJING), *chen])
    for n, period in enumerate((months_ago(20), months_ago(19)), 1):
        moved = [*CAST.chen.p, PENSION, BEIJING, "灵活就业", ym(period), ym(months_ago(4)), "转入"]
        rows.append(
            ["T1", n, agency(SOCIAL, BEIJING), *moved, "6000.00", "0.00", "0.00", months_ago(4).isoformat(), "成都市"]
        )
    folder.write("personal-social", PERSON_LIST, rows, money=["缴费基数", "个人缴费金额", "滞纳金"])
    day = (months_ago(1) + timedelta(days=5)).isoformat()
    resident = [*CAST.qian.p, RESIDENT_PENSION, BEIJING, "城乡居民", ym(months_ago(2)), ym(months_ago(1)), "正常"]
    rows = [["Q1", 1, agency(SOCIAL, BEIJING), *resident, "500.00", "500.00", "0.00", day, ""]]
    folder.write("personal-resident", PERSON_LIST, rows, money=["缴费基数", "个人缴费金额", "滞纳金"])


def _subsidies_and_benefits(folder):
    day = (months_ago(1) + timedelta(days=6)).isoformat()
    given = [*CAST.qian.p, RESIDENT_PENSION, BEIJING, ym(months_ago(2)), ym(months_ago(1)), "市级", "60.00", day]
    folder.write(
        "subsidies",
        f"拨付单号,行号,机构编码,{P},险种,区划代码,对应费款所属期,记账年月,补贴级次,补贴金额,到账日期",
        [["G1", 1, agency(SOCIAL, BEIJING), *given]],
        money=["补贴金额"],
    )
    rows = []
    for n, period in enumerate((months_ago(2), months_ago(1)), 1):
        day = (period + timedelta(days=14)).isoformat()
        paid = [
            PENSION,
            BEIJING,
            "基本养老金",
            ym(period),
            ym(period),
            "2154.42",
            "359.71",
            day,
            "8765",
            "已支付",
            "D1",
        ]
        rows.append(["Y1", n, agency(SOCIAL, BEIJING), *CAST.feng.p, *paid])
    folder.write(
        "benefits",
        f"支付单号,行号,机构编码,{P},险种,区划代码,待遇类型,待遇所属期,记账年月,统筹基金支付,个人账户支付,支付日期,银行账号后四位,支付状态,决定书编号",
        rows,
        money=["统筹基金支付", "个人账户支付"],
    )


def _staff(folder):
    staff = [(CLERK, "韩窗口", "窗口经办人", BEIJING, "1 号窗口"), (OPERATOR, "杨操作", "操作员", BEIJING, "机房")]
    staff.append((SHANGHAI_CLERK, "朱上海", "窗口经办人", SHANGHAI, "3 号窗口"))
    folder.write(
        "staff",
        "工号,姓名,角色,机构编码,办公地点,任职日期,离任日期",
        [[no, name, role, agency(SOCIAL, area), office, "2020-01-01", ""] for no, name, role, area, office in staff],
    )
    agents = [(CAST.agent, "U1"), (CAST.double_agent, "U1"), (CAST.double_agent, "U2")]
    folder.write(
        "agents",
        f"{P},机构编码,单位编号,授权起始日,授权终止日,介绍信编号",
        [[*m.p, agency(SOCIAL, BEIJING), f"{unit}{SOCIAL}", "2024-01-01", "", "L1"] for m, unit in agents],
    )
    folder.write(
        "halls",
        "大厅编码,大厅名称,区划代码,区县,地址,办公时间,电话,业务范围",
        [
            [
                "H1",
                "海淀社保大厅",
                BEIJING,
                "海淀区",
                "西四环1号",
                "周一至周五 9:00-17:00",
                "010-12333",
                "养老、失业、工伤",
            ]
        ],
    )


def _sources(folder):
    rows = []
    for area, complete in ((BEIJING, COMPLETE_TO), (SHANGHAI, COMPLETE_TO), (HANGZHOU, months_ago(9))):
        for kind in (SOCIAL, MEDICAL):
            rows += [[agency(kind, area), area, data, ym(complete)] for data in ("参保登记", "缴费记录", "待遇支付")]
        rows.append([agency(TAX, area), area, "缴费核定", ym(complete)])
    received = TODAY.isoformat()
    folder.write(
        "sources", "机构编码,区划代码,数据种类,完整至年月,交付日期,下次预计日期", [[*r, received, ""] for r in rows]
    )


def sign_up():
    """Everybody activates with a one-time code, as at home."""
    with acting_as("job"):
        for member in (getattr(CAST, name) for name in CAST.__dataclass_fields__):
            if member.sequence >= 200:
                user = User.objects.with_login(User.Kind.AGENT, member.number)
            else:
                person = InsuredPerson.objects.with_number("citizen", member.number).get()
                user = activation.user_for_person(person, member.number)
            _activate(user, member.number, member.name)
        for staff_no, name in ((CLERK, "韩窗口"), (OPERATOR, "杨操作"), (SHANGHAI_CLERK, "朱上海")):
            _activate(User.objects.with_login(User.Kind.STAFF, staff_no), staff_no, name)


def _activate(user, login, name):
    code = activation.issue(user)
    activation.activate(activation.open_code(user.kind, login, name, code), PASSWORD)
