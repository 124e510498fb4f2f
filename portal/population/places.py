"""Areas, agencies, halls, providers and staff of the invented population."""

from typing import NamedTuple

SOCIAL, MEDICAL, TAX = "社会保险经办机构", "医疗保障经办机构", "税务机关"
HOTLINES = {SOCIAL: "12333", MEDICAL: "12393", TAX: "12366"}
MONTHS_BEHIND = 3


class Agency(NamedTuple):
    code: str
    name: str
    family: str
    area: str
    address: str


class Area(NamedTuple):
    """A pooling area. `base_month`: the month in which a year's contribution bases begin to hold there.

    `wage`: the average monthly wage of 2026 from which invented wages are drawn, in yuan. `behind`: families of
    agencies whose payment records have not come for the last MONTHS_BEHIND months.
    """

    code: str
    name: str
    districts: tuple
    base_month: int
    wage: int
    behind: tuple = ()

    def agency(self, family):
        return AGENCIES[self.code, family]


BEIJING = Area("110000", "北京市", ("东城区", "西城区", "海淀区", "丰台区"), 7, 12_100)
SHANGHAI = Area("310000", "上海市", ("黄浦区", "徐汇区", "静安区", "杨浦区"), 7, 12_400)
HANGZHOU = Area("330100", "杭州市", ("上城区", "拱墅区", "西湖区", "滨江区"), 1, 10_300, (MEDICAL,))
AREAS = (BEIJING, SHANGHAI, HANGZHOU)
PARENTS = {"330100": "330000", "510100": "510000"}

# Areas that are no pooling area here: the province above, and where transferred persons come from.
OTHER_AREAS = (
    ("330000", "浙江省", ""),
    ("320000", "江苏省", ""),
    ("510000", "四川省", ""),
    ("510100", "成都市", "510000"),
)

NAMES = {SOCIAL: "社会保险经办中心", MEDICAL: "医疗保障经办中心", TAX: "税务局社会保险费征收处"}
AGENCIES = {
    (area.code, family): Agency(
        f"{area.code}{order:02d}",
        f"{area.name}{NAMES[family]}",
        family,
        area.code,
        f"{area.name}{area.districts[0]}示范路{order}号",
    )
    for area in AREAS
    for order, family in enumerate((SOCIAL, MEDICAL, TAX), 1)
}

PROVIDER_NAMES = (
    ("医院", "云杉医院"),
    ("医院", "望江社区卫生服务中心"),
    ("药店", "百草示范大药房"),
    ("药店", "安康示范药店"),
    ("药店", "同安示范药房"),
    ("医院", "松林中医医院"),
    ("医院", "清泉妇幼保健院"),
    ("药店", "仁和示范药店"),
)
KEPT_BY_BOTH = ("参保登记", "缴费记录", "待遇支付", "转移接续")
OF_LIVES = ("社会保障卡", "就业经历", "职业技能", "失业登记", "工伤认定", "职业病", "残疾")
HOURS = "周一至周五 9:00-17:00（法定节假日除外）"


def area_rows():
    """Provinces before their parts."""
    for code, name, parent in OTHER_AREAS:
        yield code, name, parent, "否"
    for area in AREAS:
        yield area.code, area.name, PARENTS.get(area.code, ""), "是"


def agency_rows():
    for agency in AGENCIES.values():
        yield agency.code, agency.name, agency.family, agency.area, HOTLINES[agency.family], agency.address


def hall_name(area, order=0):
    return f"{area.name}{area.districts[order]}社会保障办事大厅"


def hall_rows():
    for area in AREAS:
        for order, district in enumerate(area.districts[:2]):
            services = "参保登记、缴费查询、权益记录打印、待遇申领" if order == 0 else "缴费查询、权益记录打印"
            address = f"{area.name}{district}示范路{order + 10}号"
            yield (
                f"{area.code}H{order + 1}",
                hall_name(area, order),
                area.code,
                district,
                address,
                HOURS,
                "12333",
                services,
            )


def provider_rows():
    for area in AREAS:
        for order, (kind, name) in enumerate(PROVIDER_NAMES):
            district = area.districts[order % len(area.districts)]
            address = f"{area.name}{district}健康路{order + 1}号"
            ended = "2022-12-31" if order == 3 else ""
            full = f"{area.name}{district}{name}"
            yield f"{area.code}P{order + 1:03d}", full, kind, area.code, district, address, "", "2010-01-01", ended


def source_state_rows(horizon):
    """How far each agency's records reach; one medical agency is behind (cause code Z9)."""
    for (_code, family), agency in AGENCIES.items():
        area = next(a for a in AREAS if a.code == agency.area)
        kinds = ("缴费核定",) if family == TAX else KEPT_BY_BOTH + (OF_LIVES if family == SOCIAL else ())
        for kind in kinds:
            to = complete_to(horizon, area, family) if kind == "缴费记录" else horizon.last
            received, expected = horizon.day(to + 1, 1), horizon.day(to + 2, 1)
            yield agency.code, agency.area, kind, horizon.code(to), str(received), str(expected)


def complete_to(horizon, area, family):
    """Number of the last month for which this family's agency has delivered payment records."""
    return horizon.last - (MONTHS_BEHIND if family in area.behind else 0)
