"""What was assessed, received and paid for the cast."""

from datetime import timedelta
from decimal import Decimal

from .cast import (
    BASE,
    BEIJING,
    CAST,
    MEDICAL,
    NOW,
    SOCIAL,
    STRANGER_BASE,
    TAX,
    TODAY,
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


def agency(kind, area):
    return f"{kind}{area}"


def shares(scheme, base):
    er, own = SHARES[scheme]
    return (base * Decimal(er)).quantize(CENT), (base * Decimal(own)).quantize(CENT)


def write_money(folder):
    _openings(folder)
    _assessments(folder)
    _contributions(folder)
    _personal(folder)
    _subsidies_and_benefits(folder)


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
        money=["申报工资", "缴费基数", "单位应缴", "个人应缴"],
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
