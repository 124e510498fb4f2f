"""Why is it zero? One person for each cause, and the page says exactly the words of that cause, in both languages."""

from datetime import timedelta

import pytest
from django.db.models import Q, Sum
from django.urls import reverse

from accounts.models import Account, Entry
from registry.models import Enrolment, SourceState
from registry.months import add_months
from tests import entrusting, staged, visitors
from tests.cast import BEIJING, CAST, LAST, NOW, OPERATOR, months_ago
from tests.entrusting import person_of

pytestmark = pytest.mark.django_db


def says(member, page="my_accounts", **named):
    """(the page in Chinese, the page in English) as a reader sees them."""
    client = visitors.person(member)
    chinese = visitors.words(client.get(reverse(page, kwargs=named or None)))
    client.cookies["language"] = "en"
    return chinese, visitors.words(client.get(reverse(page, kwargs=named or None)))


def zh_day(day):
    return f"{day.year}年{day.month}月{day.day}日"


def zh_month(month):
    return f"{month.year}年{month.month}月"


def here(scheme="pension"):
    return {"area_code": BEIJING, "agency_code": f"{'MI' if scheme == 'medical' else 'SI'}{BEIJING}"}


def test_z1_an_insurance_without_accounts():
    chinese, english = says(CAST.wang)
    assert "这个险种没有个人账户。缴费进入统筹基金，发生情况时按规定领取待遇，所以没有余额可查。" in chinese
    assert "This insurance has no personal account. Contributions go into the pooled fund;" in english
    assert chinese.count("已参保，缴费进入统筹基金，没有个人账户。") == 2  # unemployment and work injury


@pytest.mark.parametrize("member", [CAST.zhao, CAST.qian], ids=["flexible worker", "resident"])
def test_z2_the_pool_only_tariff_and_the_resident_medical_scheme(member):
    chinese, english = says(member)
    assert "您按“单建统筹”缴费（城乡居民医保不设个人账户），享受报销，没有个人账户。" in chinese
    assert "You pay by the pool-only tariff (the resident medical scheme has no personal account)" in english


def test_z3_registered_nowhere_is_said_once():
    chinese, english = says(CAST.sun)
    assert chinese.count("没有查到您在本地的参保登记。单位应在用工之日起 30 日内办理。") == 1
    assert "在外地参保？" in chinese
    assert "No registration of yours was found here." in english
    assert "一切正常" not in chinese


def test_z4_registered_and_nothing_booked_yet():
    chinese, english = says(CAST.zhou)
    assert f"单位已在 {zh_day(NOW)} 为您登记，第一笔缴费通常在次月 15 日前到账。现在不用做什么。" in chinese
    assert "The first payment usually arrives by the 15th of the next month." in english


def test_z4_of_who_registered_herself_speaks_of_no_employer(as_job):
    with as_job():
        Enrolment.objects.filter(person=person_of(CAST.zhou)).update(category="flexible")
    chinese, _english = says(CAST.zhou)
    assert f"您已在 {zh_day(NOW)} 登记，第一笔缴费通常在次月 15 日前到账。" in chinese


def test_z5_arrears_from_the_start():
    chinese, english = says(CAST.wu)
    assert "单位已登记但尚未缴费（欠 2 个月）。" in chinese
    assert "单位欠缴 2 个月" in chinese
    assert "has not paid yet (2 months in arrears)." in english


def moved_away(member, month, amount="14185.67"):
    person = person_of(member).pk
    out = staged.movement_line(person, f"-{amount}", "transfer_out", "pension", month, slip_no="ZY1", **here())
    staged.load("account_movements", [out])
    steps = [
        staged.transfer_line(person, state, "out", day=month, other_area="成都市", account_amount=amount, **here())
        for state in ("applied", "money_sent")
    ]
    staged.load("transfers", steps)


def test_z6_transferred_out():
    moved_away(CAST.wang, NOW)
    chinese, english = says(CAST.wang)
    assert f"您的账户 {zh_month(NOW)} 已转往 成都市，转出 14,185.67 元。" in chinese
    assert "Your account was moved to 成都市 in" in english
    assert "CNY 14,185.67 went there." in english


def spend_all(member, month):
    line = staged.spending_line(person_of(member).pk, "480.00", month=month, **here("medical"))
    staged.load("spending", [line])


def test_z7_used_up_with_the_own_amounts_of_the_year():
    spend_all(CAST.wang, LAST)
    of_year = Entry.objects.filter(person_id=person_of(CAST.wang).pk, scheme="medical", booked_month__year=LAST.year)
    moved = of_year.aggregate(came=Sum("amount", filter=Q(amount__gt=0)), went=Sum("amount", filter=Q(amount__lt=0)))
    when = "本年" if LAST.year == NOW.year else f"{LAST.year}年"
    chinese, english = says(CAST.wang)
    said = f"个人账户已用完：{when}划入 {moved['came']:,.2f} 元，支出 480.00 元。住院和门诊统筹照常报销。"
    assert said in chinese.replace("。 住院", "。住院")
    assert "The personal account is used up:" in english
    assert "CNY 480.00 were spent." in english


@pytest.mark.parametrize(
    ("reason", "words"), [("settled_abroad", "出国定居"), ("death", "继承"), ("left_resident", "退费")]
)
def test_z8_closed(reason, words):
    if reason == "left_resident":
        member, scheme, amount = CAST.qian, "pension_resident", "560.00"
    else:
        member, scheme, amount = CAST.wang, "pension", "14185.67"
    staged.load("closures", [staged.closure_line(person_of(member).pk, amount, reason, scheme, NOW, **here())])
    chinese, english = says(member)
    assert f"账户已于 {zh_month(NOW)} 因{words}结清。" in chinese
    assert "The account was closed in" in english


def test_z9_the_data_are_not_here_yet():
    chinese, english = says(CAST.zheng)
    last_day = add_months(months_ago(9), 1) - timedelta(days=1)
    assert f"数据截至 {zh_day(last_day)}，之后的变化还没有到这里。" in chinese
    assert "later changes have not arrived here yet." in english
    assert "一切正常" not in chinese


def test_z9_nothing_was_ever_delivered(as_job):
    with as_job():
        SourceState.objects.all().update(complete_to=months_ago(9), refused_at=None)
    chinese, _english = says(CAST.zhou)
    assert "之后的变化还没有到这里。" in chinese
    assert "有的险种，现在还不能确定最新情况。" in chinese


Z10 = (
    "银行自动柜员机显示的是社保卡里的银行账户，要自己存钱才有余额。"
    "社保的钱在另一个账户里，就是本页这个；两个账户不能互转。"
)


def test_z10_the_bank_side_at_the_kiosk_and_in_the_help(client):
    assert Z10 in visitors.words(client.get(reverse("help_on", args=["zero"])))
    at_kiosk = entrusting.at_kiosk(entrusting.kiosk(OPERATOR), CAST.wang)
    assert Z10 in visitors.words(at_kiosk.get(reverse("my_accounts")))
    assert Z10 not in says(CAST.wang)[0]
    client.cookies["language"] = "en"
    english = visitors.words(client.get(reverse("help_on", args=["zero"])))
    assert "A cash machine shows the bank account on the social security card" in english


def test_z11_sealed(as_job):
    with as_job():
        Enrolment.objects.filter(person=person_of(CAST.wang)).update(status="suspended")
    chinese, english = says(CAST.wang)
    assert "账户已封存（停止缴费），余额 14,185.67 元 继续计息。" in chinese
    assert "已暂停缴费" in chinese
    assert "一切正常" not in chinese
    assert "the balance of CNY 14,185.67 goes on earning interest." in english


def test_no_cause_is_said_where_there_is_money():
    chinese, _english = says(CAST.wang)
    account = Account.objects.get(person=person_of(CAST.wang), scheme="medical")
    assert f"{account.balance:,.2f} 元" in chinese
    for words in ("已用完", "已封存", "已转往", "结清", "尚未缴费"):
        assert words not in chinese


def test_z3_of_several_insurances_is_explained_once():
    chinese, _english = says(CAST.qian)
    assert chinese.count("没有查到您在本地的参保登记。单位应在用工之日起 30 日内办理。") == 1
    assert chinese.count("没有查到参保登记。") == 3
