"""Somebody with forty years of records, loaded by the real feed: what must cost no more to show than a new one's."""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.management import call_command

from contributions.models import ContributionRule
from contributions.rates import RateNotPublishedError, split
from inquiries import activation
from registry.models import InsuredPerson
from registry.months import each_month
from registry.roles import acting_as

from .cast import BEIJING, NOW, PASSWORD, SOCIAL, Folder, Member, months_ago, ym
from .cast_feed import _enrolment, _event
from .cast_money import (
    AGENCY_OF,
    BASE,
    EMPLOYER_LIST,
    HEALTH,
    INJURY,
    PENSION,
    PERSON_LIST,
    UNEMPLOYMENT,
    P,
    agency,
    shares,
)

LONG = Member("岳长年", 131, date(1966, 4, 2), "男", "forty years of records")
MONTHS = 480
# From when on a rule of the whole country says where the money of a month goes.
SINCE = {PENSION: date(1998, 1, 1), HEALTH: date(1998, 12, 1), UNEMPLOYMENT: date(1999, 1, 1)}
SINCE[INJURY] = date(2015, 10, 1)
KEY = {PENSION: "pension", HEALTH: "medical", UNEMPLOYMENT: "unemployment", INJURY: "work_injury"}
RISK = {INJURY: 2}


def load():
    """Bring the person in, with a password, and give the Member."""
    with TemporaryDirectory() as path:
        folder = Folder(Path(path))
        _person(folder)
        _enrolments(folder)
        _contributions(folder)
        _earlier_months(folder)
        call_command("load_feed", path, verbosity=0)
    with acting_as("job"):
        person = InsuredPerson.objects.with_number("citizen", LONG.number).get()
        user = activation.user_for_person(person, LONG.number)
        code = activation.issue(user)
        activation.activate(activation.open_code(user.kind, LONG.number, LONG.name, code), PASSWORD, alone=True)
    return LONG


def _person(folder):
    folder.write(
        "persons",
        f"{P},性别,出生日期,民族,户籍性质,户籍地,手机号,联系地址,死亡日期",
        [[*LONG.p, LONG.sex, LONG.birth.isoformat(), "汉族", "城镇", "北京市", "13800000131", "长年路1号", ""]],
    )


def _enrolments(folder):
    rows = [_enrolment(LONG, scheme, BEIJING, "职工", since, "U1") for scheme, since in SINCE.items()]
    folder.write(
        "enrolments",
        f"{P},个人编号,险种,区划代码,机构编码,人员类别,参保状态,状态起始年月,首次参保日期,登记日期,单位编号",
        rows,
    )
    folder.write(
        "events",
        f"{P},险种,区划代码,变动编号,变动类型,生效年月,办理日期,来源,机构编码,单位编号,对方统筹区,凭证号",
        [_event(LONG, scheme, "新参保", since, "U1") for scheme, since in SINCE.items()],
    )


def _contributions(folder):
    for scheme, since in SINCE.items():
        office = AGENCY_OF[scheme]
        rows = []
        for period in each_month(since, NOW):
            er, own = _shares(scheme, period)
            slip = [f"L{ym(period)}-{scheme}", 1, agency(office, BEIJING), f"U1{office}", *LONG.p]
            paid = [BASE, er, own, "0.00", period.replace(day=10).isoformat()]
            rows.append([*slip, scheme, BEIJING, "职工", ym(period), ym(period), "正常", *paid])
        folder.write(
            f"contributions-{scheme}", EMPLOYER_LIST, rows, money=["缴费基数", "单位缴费金额", "个人缴费金额", "滞纳金"]
        )


def _shares(scheme, period):
    """(employer, own) by the rule in force; where it leaves the rate to the area, today's."""
    rule = ContributionRule.objects.in_force(BEIJING, KEY[scheme], "employee", period, RISK.get(scheme))
    try:
        due = split(BASE, rule)
    except RateNotPublishedError:
        return shares(scheme, BASE)
    return due.er, due.ind


def _earlier_months(folder):
    """The years before the rules begin: months that another area counted and sent."""
    rows = []
    first = months_ago(MONTHS)
    for n, period in enumerate(each_month(first, SINCE[PENSION]), 1):
        moved = [*LONG.p, PENSION, BEIJING, "职工", ym(period), "201601", "转入"]
        rows.append(["LT", n, agency(SOCIAL, BEIJING), *moved, "600.00", "0.00", "0.00", "2016-01-05", "成都市"])
    folder.write("personal-social", PERSON_LIST, rows, money=["缴费基数", "个人缴费金额", "滞纳金"])
