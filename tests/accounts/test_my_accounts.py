import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import next_steps
from accounts.overview import latest_pension
from tests import entrusting, long_life, staged, visitors
from tests.cast import BASE, BEIJING, CAST, months_ago
from tests.entrusting import person_of

pytestmark = pytest.mark.django_db
QUERIES = 16
OF_A_RETIREE = QUERIES + 1  # what her pension was last month


def page_of(member):
    return visitors.words(visitors.person(member).get(reverse("my_accounts")))


def test_balances_stand_with_date_and_agency():
    page = page_of(CAST.wang)
    # Opening 12,345.67 + three months of 640.00 − 80.00 refunded; medical three months of 2 %.
    assert "14,185.67" in page
    assert "480.00" in page
    assert f"截至 {months_ago(1):%Y}年{months_ago(1).month}月" in page
    assert "北京市社会保险经办机构" in page
    assert "北京市医疗保障经办机构" in page


def test_nothing_that_does_not_exist_is_shown_as_zero():
    for member in (CAST.wang, CAST.zhao, CAST.sun, CAST.zhou, CAST.wu, CAST.zheng):
        assert "0.00 元" not in page_of(member).replace(",", "").replace("80.00 元", "").replace("5.67 元", "")


@pytest.mark.parametrize(
    ("member", "words"),
    [
        pytest.param(CAST.wang, "这个险种没有个人账户。缴费进入统筹基金", id="Z1"),
        pytest.param(CAST.zhao, "单建统筹", id="Z2 flexible"),
        pytest.param(CAST.qian, "城乡居民医保不设个人账户", id="Z2 resident"),
        pytest.param(CAST.sun, "没有查到您在本地的参保登记。单位应在用工之日起 30 日内办理。", id="Z3"),
        pytest.param(CAST.zhou, "第一笔缴费通常在次月 15 日前到账。现在不用做什么。", id="Z4"),
        pytest.param(CAST.wu, "单位已登记但尚未缴费（欠 2 个月）", id="Z5"),
        pytest.param(CAST.zheng, "之后的变化还没有到这里。", id="Z9"),
    ],
)
def test_why_there_is_no_money(member, words):
    assert words in page_of(member)


def test_arrears_stand_first():
    page = page_of(CAST.wu)
    assert "欠缴 2 个月" in page
    assert page.index("欠缴 2 个月") < page.index("医疗保险")
    assert "欠缴 2 个月" not in page_of(CAST.wang)


def test_an_account_of_a_resident_holds_her_money_and_the_subsidy():
    assert "560.00" in page_of(CAST.qian)


def test_an_account_transferred_in():
    # 31,415.92 taken over + three months, 8 % of the base each.
    assert f"{31415.92 + 3 * float(BASE) * 0.08:,.2f}" in page_of(CAST.chen)


def test_a_pension_paid_from_the_account():
    assert f"{50000 - 2 * 359.71:,.2f}" in page_of(CAST.feng)


@pytest.mark.parametrize(
    ("member", "queries"),
    [(CAST.wang, QUERIES), (CAST.sun, QUERIES), (CAST.feng, OF_A_RETIREE)],
    ids=["employee", "nobody", "retiree"],
)
def test_queries_do_not_depend_on_the_history(member, queries, django_assert_num_queries):
    client = visitors.person(member)
    client.get(reverse("my_accounts"))
    with django_assert_num_queries(queries):
        client.get(reverse("my_accounts"))


def test_forty_years_cost_no_more_than_a_new_record(django_assert_num_queries):
    client = visitors.person(long_life.load())
    client.get(reverse("my_accounts"))
    with django_assert_num_queries(QUERIES):
        page = client.get(reverse("my_accounts"))
    assert len(page.content) < 60_000


def test_who_pays_is_told_that_all_is_right():
    page = page_of(CAST.wang)
    assert "一切正常" in page
    assert "您参加了 4 个险种" in page
    for member in (CAST.wu, CAST.sun, CAST.zheng, CAST.chu):
        assert "一切正常" not in page_of(member), member.what


def test_a_retiree_sees_her_pension_before_the_balance():
    page = page_of(CAST.feng)
    assert page.index("2,514.13") < page.index(f"{50000 - 2 * 359.71:,.2f}")
    assert "统筹基金支付 2,154.42 元，个人账户支付 359.71 元" in page


def test_a_pension_that_came_back_is_not_the_latest(as_job):
    line = {"month": months_ago(0), "area_code": BEIJING, "agency_code": f"SI{BEIJING}", "payment_no": "Y9"}
    feng = person_of(CAST.feng).pk
    staged.load(
        "benefits",
        [
            staged.benefit_line(feng, "999.00", "1.00", **line),
            staged.benefit_line(feng, "-999.00", "-1.00", status="returned", **line | {"line": 2}),
        ],
    )
    assert latest_pension(person_of(CAST.feng), timezone.localdate())["period"] == months_ago(1)


def test_who_may_not_open_a_page_is_not_led_there():
    desk = entrusting.make_desk() and entrusting.desk(CAST.wang, entrusting.caller(CAST.wang)[1])
    page = desk.get(reverse("my_accounts")).text
    for name in ("changes", "mark_checked", "help", "who_looked"):
        assert f'"{reverse(name)}"' not in _main(page), name
    own = _main(visitors.person(CAST.wang).get(reverse("my_accounts")).text)
    for name in ("changes", "mark_checked", "help", "who_looked", "payment_records", "registration_status", "halls"):
        assert f'"{reverse(name)}"' in own, name


def test_a_block_of_next_steps_has_no_more_than_three():
    assert all(len(steps) <= 3 for _title, steps in next_steps.BLOCKS)
    assert len(next_steps.OF_ONE) <= 3


def _main(page):
    return page[page.index("<main") : page.index("</main>")]


def test_english():
    client = visitors.person(CAST.wang)
    client.cookies["language"] = "en"
    page = client.get(reverse("my_accounts")).text
    assert "CNY 14,185.67" in page
    assert "This insurance has no personal account" in page
