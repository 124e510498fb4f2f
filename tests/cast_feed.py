"""The cast's records as feed files, and its activation."""

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.management import call_command

from inquiries import activation
from inquiries.models import User
from registry.models import InsuredPerson
from registry.roles import acting_as

from . import sheets
from .cast import (
    AUDITOR,
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
    SECOND_OPERATOR,
    SECURITY_ADMINISTRATOR,
    SHANGHAI,
    SHANGHAI_CLERK,
    SOCIAL,
    STRANGER_WORKS,
    SYSTEM_ADMINISTRATOR,
    TAX,
    TODAY,
    Folder,
    months_ago,
    ym,
)
from .cast_money import (
    AGENCY_OF,
    HEALTH,
    INJURY,
    PENSION,
    RESIDENT_HEALTH,
    RESIDENT_PENSION,
    UNEMPLOYMENT,
    P,
    agency,
    write_money,
)

KEPT_BY_BOTH = ("参保登记", "缴费记录", "待遇支付", "转移接续")
OF_LIVES = ("社会保障卡", "就业经历", "职业技能", "失业登记", "工伤认定", "职业病", "残疾")


def load():
    """Write the cast's files, load them as an operator would, and give everybody a password by activation."""
    with TemporaryDirectory() as path:
        write_feed(Folder(Path(path)))
        call_command("load_feed", path, verbosity=0)
    sign_up()


def write_feed(folder):
    _registers(folder)
    _people(folder)
    _enrolments(folder)
    write_money(folder)
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
            status = {"status": "暂停缴费", "changed": months_ago(2)} if member is CAST.chu else {}
            rows.append(_enrolment(member, scheme, BEIJING, "职工", since, unit, **status))
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


def _enrolment(member, scheme, area, category, since, unit="", status="正常参保", changed=None):
    office = agency(AGENCY_OF[scheme], area)
    first = since.isoformat()
    unit_no = f"{unit}{AGENCY_OF[scheme]}" if unit else ""
    return [
        *member.p,
        f"P{member.sequence}",
        scheme,
        area,
        office,
        category,
        status,
        ym(changed or since),
        first,
        first,
        unit_no,
    ]


def _event(member, scheme, kind, since, unit):
    office = AGENCY_OF[scheme]
    number = f"E{member.sequence}-{scheme}-{ym(since)}"
    when = [number, kind, ym(since), since.isoformat(), "单位"]
    return [*member.p, scheme, BEIJING, *when, agency(office, BEIJING), f"{unit}{office}", "", ""]


def _staff(folder):
    staff = [(CLERK, "韩窗口", "窗口经办人", BEIJING, "1 号窗口"), (OPERATOR, "杨操作", "操作员", BEIJING, "机房")]
    staff.append((SHANGHAI_CLERK, "朱上海", "窗口经办人", SHANGHAI, "3 号窗口"))
    staff.append((SECOND_OPERATOR, "何复核", "操作员", BEIJING, "机房"))
    staff.append((AUDITOR, "施审计", "审计员", BEIJING, "稽核科"))
    staff.append((SYSTEM_ADMINISTRATOR, "季系统", "系统管理员", BEIJING, "信息科"))
    staff.append((SECURITY_ADMINISTRATOR, "安防卫", "安全管理员", BEIJING, "安全科"))
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
            rows += [[agency(kind, area), area, data, ym(complete)] for data in KEPT_BY_BOTH]
        rows += [[agency(SOCIAL, area), area, data, ym(complete)] for data in OF_LIVES]
        rows.append([agency(TAX, area), area, "缴费核定", ym(complete)])
    received = TODAY.isoformat()
    folder.write(
        "sources", "机构编码,区划代码,数据种类,完整至年月,交付日期,下次预计日期", [[*r, received, ""] for r in rows]
    )


def sign_up():
    """Everybody activates with a one-time code, as at home.

    Staff, agents and Chen have a sheet of codes beside the password; the other persons' password stands alone.
    """
    with acting_as("job"):
        for member in (getattr(CAST, name) for name in CAST.__dataclass_fields__):
            if member.sequence >= 200:
                user = User.objects.with_login(User.Kind.AGENT, member.number)
            else:
                person = InsuredPerson.objects.with_number("citizen", member.number).get()
                user = activation.user_for_person(person, member.number)
            _activate(user, member.number, member.name, alone=member.sequence < 200 and member is not CAST.chen)
        for staff_no, name in (
            (CLERK, "韩窗口"),
            (OPERATOR, "杨操作"),
            (SHANGHAI_CLERK, "朱上海"),
            (SECOND_OPERATOR, "何复核"),
            (AUDITOR, "施审计"),
            (SYSTEM_ADMINISTRATOR, "季系统"),
            (SECURITY_ADMINISTRATOR, "安防卫"),
        ):
            _activate(User.objects.with_login(User.Kind.STAFF, staff_no), staff_no, name)


def _activate(user, login, name, alone=False):
    code = activation.issue(user)
    activation.activate(activation.open_code(user.kind, login, name, code), PASSWORD, alone)
    if not alone:
        sheets.give(user)
