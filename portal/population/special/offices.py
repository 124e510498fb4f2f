"""Staff and employers' agents."""

from datetime import date

from portal.population import employers as of
from portal.population.numbers import citizen_number
from portal.population.places import AREAS, SOCIAL, hall_name

FIRST_AGENT = 900
STAFF_ROLES = (("窗口经办人", 1), ("操作员", 2), ("审计员", 3))
# Beside them in the first area: the 12333 desk, and a second clerk who confirms papers.
FURTHER_STAFF = (("12333坐席", 4, "方晴", "12333"), ("窗口经办人", 5, "郭宁", "2 号窗口"))
STAFF_NAMES = ("秦岚", "邹远", "熊静", "孟川", "白露", "薛宁", "苏禾", "丁香", "崔颖")
# In the first area alone: the role, the number and the name of each.
ADMINISTRATORS = (("系统管理员", 6, "罗衡"), ("安全管理员", 7, "纪岩"))
PREFIXES = {"110000": "BJ", "310000": "SH", "330100": "HZ"}
AGENT_NAMES = ("孙敏", "蒋薇", "唐磊", "韩雪", "董洁", "曹旭", "程诺")


def staff_rows():
    """A clerk, an operator and an auditor for each area, all of the social insurance agency; four more in the first."""
    for order, area in enumerate(AREAS):
        for role, number in STAFF_ROLES:
            name = STAFF_NAMES[order * len(STAFF_ROLES) + number - 1]
            agency = area.agency(SOCIAL).code
            yield staff_no(area, number), name, role, agency, hall_name(area), "2020-01-01", ""
    first = AREAS[0]
    for role, number, name in ADMINISTRATORS:
        yield staff_no(first, number), name, role, first.agency(SOCIAL).code, hall_name(first), "2020-01-01", ""
    for role, number, name, office in FURTHER_STAFF:
        yield staff_no(first, number), name, role, first.agency(SOCIAL).code, office, "2020-01-01", ""


def staff_no(area, number):
    return f"{PREFIXES[area.code]}{number:04d}"


def agent(serial):
    """(name, identity number) of the agent of the employer with this serial number; there is one for the fixed ones."""
    born = date(1986, 1 + serial, 17)
    return AGENT_NAMES[serial], citizen_number(FIRST_AGENT + serial, born, "女")


def agent_rows(employers):
    for employer in employers[: len(AGENT_NAMES)]:
        name, number = agent(employer.serial)
        until = "2024-12-31" if employer.serial == of.SCHOOL else ""
        unit = [employer.area.agency(SOCIAL).code, employer.unit_no(SOCIAL)]
        yield name, "居民身份证", number, *unit, "2021-03-01", until, f"JSX{employer.serial + 1:04d}"
