"""The people who are always in what make_feed writes, and what the files say of them."""

from collections import defaultdict
from decimal import Decimal

from portal.population import employers, special
from registry.months import add_months, parse_month

from .made_feed import ARGUMENTS, make, rows_of

UNTIL = parse_month(ARGUMENTS["until"])


def month(back):
    """The month `back` months before the last, as the files write it."""
    return f"{add_months(UNTIL, -back):%Y%m}"


def of(rows, key):
    number = special.named(key).number
    return [row for row in rows if row["证件号码"] == number]


def test_the_special_people_keep_their_names_and_numbers(made, tmp_path):
    found = {row["证件号码"]: row["姓名"] for row in made["persons"]}
    assert {who.number: who.name for who in special.SPECIAL}.items() <= found.items()
    few = make(tmp_path / "few", people=len(special.SPECIAL), employers=7, years=1, seed=99, until="2025-12")
    other = rows_of(few, "persons")
    assert {row["证件号码"] for row in other} == {who.number for who in special.SPECIAL}
    assert special.named("long_career").number == "990000197405120037"


def test_arrears_are_declared_and_not_paid(made):
    declared = {row["费款所属期"] for row in of(made["assessments"], "arrears")}
    paid = {row["对应费款所属期"] for row in of(made["employer_contributions"], "arrears")}
    assert sorted(declared - paid)[-2:] == [month(2), month(1)]
    assert month(3) in paid
    assert {row["费款所属期"] for row in of(made["assessments"], "never_paid")} == {month(2), month(1)}
    assert of(made["employer_contributions"], "never_paid") == []


def test_back_payment_and_refund_are_booked_later(made):
    paid = [row for row in of(made["employer_contributions"], "back_paid") if row["缴费类型"] == "补缴"]
    assert {row["对应费款所属期"] for row in paid} == {month(8), month(7), month(6)}
    assert {row["记账年月"] for row in paid} == {month(4)}
    assert all(Decimal(row["滞纳金"]) > 0 for row in paid)
    refund = [row for row in of(made["employer_contributions"], "refunded") if row["缴费类型"] == "退费"]
    assert {(row["对应费款所属期"], row["记账年月"]) for row in refund} == {(month(5), month(3))}
    assert all(Decimal(row["单位缴费金额"]) < 0 for row in refund)


def test_transferred_months_bring_no_money_and_the_account_does(made):
    months = of(made["personal_contributions"], "transferred_in")
    assert {(row["缴费类型"], row["个人缴费金额"], row["原参保地"]) for row in months} == {
        ("转入", "0.00", "四川省成都市")
    }
    total = sum(Decimal(row["缴费基数"]) for row in months)
    (opening,) = of(made["openings"], "transferred_in")
    assert opening["类型"] == "转入"
    assert (Decimal(opening["个人账户金额"]), Decimal(opening["统筹转入金额"])) == (total * 8 / 100, total * 12 / 100)


def test_two_employers_paid_for_one_month(made):
    here = [row for row in of(made["employer_contributions"], "two_employers") if row["对应费款所属期"] == month(8)]
    assert len({row["单位编号"] for row in here if row["险种"] == "职工基本养老保险"}) == 2


def test_who_has_no_account_has_none(made):
    medical = {row["人员类别"] for row in of(made["enrolments"], "pool_only") if row["险种"] == "职工基本医疗保险"}
    assert medical == {"灵活就业单建统筹"}
    schemes = {row["险种"] for row in of(made["enrolments"], "resident")}
    assert schemes == {"城乡居民养老保险", "城乡居民医疗保险"}
    levels = {row["补贴级次"] for row in of(made["subsidies"], "resident")}
    assert levels == {"省级", "市级", "县级", "集体补助"}


def test_who_is_not_registered_or_only_just(made):
    assert of(made["enrolments"], "unregistered") == []
    for key in ("just_registered", "old_source"):
        assert {row["状态起始年月"] for row in of(made["enrolments"], key)} == {month(-1)}
        assert {row["费款所属期"] for row in of(made["assessments"], key)} == {month(-1)}
        assert of(made["employer_contributions"], key) == []


def test_one_source_is_old(made):
    behind = [row for row in made["source_states"] if row["完整至年月"] != month(0)]
    assert [(row["机构编码"], row["数据种类"], row["完整至年月"]) for row in behind] == [
        ("33010002", "缴费记录", month(3))
    ]
    paid = made["employer_contributions"] + made["personal_contributions"]
    booked = [row["记账年月"] for row in paid if row["机构编码"] == "33010002"]
    assert booked
    assert max(booked) <= month(3)


def test_the_retiree_draws_on_both_and_one_payment_came_back(made):
    pensions = [row for row in of(made["benefits"], "retiree") if row["待遇类型"] == "基本养老金"]
    assert all(Decimal(row["统筹基金支付"]) and Decimal(row["个人账户支付"]) for row in pensions)
    back = [row for row in pensions if row["支付状态"] == "已退回"]
    assert [row["待遇所属期"] for row in back] == [month(2)]
    assert Decimal(back[0]["统筹基金支付"]) < 0


def test_the_other_special_people(made):
    assert of(made["persons"], "rare_name")[0]["姓名"] == "欧阳𬭚𫖯"
    assert "·" in of(made["persons"], "teacher")[0]["姓名"]
    assert of(made["persons"], "merged")[0]["曾用证件号码"].startswith("99")
    assert {row["险种"] for row in of(made["enrolments"], "teacher")} >= {"机关事业单位养老保险"}
    assert {row["区划代码"] for row in of(made["enrolments"], "mover")} == {"110000", "330100"}
    assert {row["待遇类型"] for row in of(made["benefits"], "mover")} >= {"失业保险金", "失业期间医保费"}
    assert {row["待遇类型"] for row in of(made["benefits"], "rare_name")} >= {"生育津贴", "生育医疗费"}
    for kind in ("injuries", "diseases", "disabilities"):
        assert len(of(made[kind], "spent")) == 1
    quarters = {row["记账年月"][4:] for row in of(made["personal_contributions"], "flexible")}
    assert quarters == {"03", "06", "09", "12"}


def money(rows, *columns):
    return [tuple(Decimal(row[column]) for column in columns) for row in rows]


def test_who_moved_away_left_with_the_whole_account_and_the_pooled_money(made):
    (out,) = of(made["account_movements"], "moved_away")
    assert (out["账户变动类型"], out["险种"], out["记账年月"]) == ("转出", "职工基本养老保险", month(7))
    steps = of(made["transfers"], "moved_away")
    assert [row["办理状态"] for row in steps] == ["已申请", "已受理", "转出地已发信息表", "资金已划转", "已办结"]
    assert {(row["申请编号"], row["转移方向"], row["对方统筹区"]) for row in steps} == {
        (out["业务流水号"], "转出", "四川省成都市")
    }
    ((amount, pooled),) = money([out], "变动金额", "统筹基金转出金额")
    assert money(steps[-1:], "个人账户金额", "统筹基金金额") == [(-amount, pooled)]
    assert [row["办理状态"] for row in of(made["transfers"], "under_way")] == ["已申请", "已受理"]


def test_what_leaves_one_area_arrives_in_the_other_under_one_number(made):
    (out,) = of(made["account_movements"], "moved_within")
    (came,) = [row for row in of(made["openings"], "moved_within") if row["类型"] == "转入"]
    assert (out["区划代码"], came["区划代码"]) == ("310000", "110000")
    assert out["业务流水号"] == came["业务流水号"]
    ((amount, pooled),) = money([out], "变动金额", "统筹基金转出金额")
    assert money([came], "个人账户金额", "统筹转入金额") == [(-amount, pooled)]
    told = {(row["转移方向"], row["区划代码"]) for row in of(made["transfers"], "moved_within")}
    assert told == {("转出", "310000"), ("转入", "110000")}


def test_accounts_are_closed_for_their_holders_and_for_heirs(made):
    paid = {(row["险种"], row["终结原因"], row["领取人关系"]) for row in of(made["closures"], "settled_abroad")}
    assert paid == {(scheme, "出境定居", "本人") for scheme in ("职工基本养老保险", "职工基本医疗保险")}
    inherited = of(made["closures"], "inherited")
    assert {(row["险种"], row["领取人关系"]) for row in inherited} == {
        ("职工基本养老保险", "子女"),
        ("职工基本医疗保险", "配偶"),
    }
    assert {(row["终结原因"], row["终结年月"], row["记账年月"]) for row in inherited} == {("死亡", month(6), month(3))}


def test_the_pool_fills_a_retirees_account_and_she_pays_for_her_family(made):
    quotas = of(made["account_movements"], "family_aid")
    assert {row["账户变动类型"] for row in quotas} == {"统筹划入"}
    # 1,890 yuan a year from the age of 75 (Shanghai, from 2023-07), in twelve parts.
    assert {row["变动金额"] for row in quotas} == {"157.50"}
    assert quotas[0]["记账年月"] == "202307"
    relatives = {row["与账户持有人关系"] for row in of(made["spending"], "family_aid")}
    assert {"配偶", "子女"} <= relatives


def test_an_overpaid_pension_is_taken_back_from_the_account(made):
    (offset,) = of(made["account_movements"], "overpaid")
    assert (offset["账户变动类型"], offset["变动金额"], offset["记账年月"]) == ("抵扣多发待遇", "-1200.00", month(3))


def test_the_account_that_is_used_up_was_spent_visit_by_visit(made):
    visits = of(made["spending"], "spent")
    assert len(visits) > 12
    assert all(Decimal(row["个人账户支付"]) > 0 for row in visits)
    numbers = [(row["证件号码"], row["结算编号"]) for row in made["spending"]]
    assert len(set(numbers)) == len(numbers)


def test_the_demo_employer_has_an_agent_and_more_than_sixty_employees(tmp_path):
    out = make(tmp_path / "demo", people=160, years=1)
    demo = next(row for row in rows_of(out, "employers") if row["单位名称"] == employers.FIXED[employers.DEMO][0])
    here = [row for row in rows_of(out, "employer_contributions") if row["单位编号"] == demo["单位编号"]]
    assert len({row["证件号码"] for row in here if row["对应费款所属期"] == month(0)}) > 60
    agents = rows_of(out, "agents")
    assert special.agent(0) == next(
        (row["姓名"], row["证件号码"]) for row in agents if row["单位编号"] == demo["单位编号"]
    )


def test_each_area_has_a_clerk_an_operator_and_an_auditor(made):
    roles = defaultdict(set)
    for row in made["staff"]:
        roles[row["机构编码"]].add(row["角色"])
    everywhere = {"窗口经办人", "操作员", "审计员"}
    first_alone = {"12333坐席", "系统管理员", "安全管理员"}
    assert list(roles.values()) == [everywhere | first_alone, everywhere, everywhere]
