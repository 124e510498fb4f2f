from itertools import pairwise

import pytest
from django.urls import reverse

from accounts import history
from registry.insurance import Insurance
from registry.models import Enrolment, InsuredPerson
from registry.months import add_months
from tests import visitors
from tests.cast import CAST, NOW, SHANGHAI, months_ago

pytestmark = pytest.mark.django_db


def person_of(member):
    return InsuredPerson.objects.with_number("citizen", member.number).get()


@pytest.mark.parametrize("insurance", Insurance.values)
def test_every_insurance_has_a_statement(insurance):
    page = visitors.person(CAST.wang).get(reverse("insurance", args=[insurance]))
    assert page.status_code == 200
    assert f"<h1>{page.context['insurance'].label}</h1>" in page.text


def test_the_statement_adds_up():
    for insurance in Insurance:
        statement = history.statement(person_of(CAST.wang), insurance)
        assert statement.own + statement.employer + statement.subsidy == statement.to_account + statement.to_pool


def test_entries_run_up_to_the_balance():
    shown = history.year_of_entries(person_of(CAST.wang), Insurance.PENSION)
    (account,) = shown.accounts_with(shown.entries)
    assert account.entries[0].after == account.balance
    older = history.year_of_entries(person_of(CAST.wang), Insurance.PENSION, shown.years[-1])
    last = older.entries[-1]
    assert last.after == last.amount
    every = [e for y in shown.years for e in history.year_of_entries(person_of(CAST.wang), "pension", y).entries]
    assert sum(e.amount for e in every) == account.balance == account.current_year + account.prior_years
    for newer, before in pairwise(every):
        assert newer.after - newer.amount == before.after


def test_a_pooled_insurance_says_that_there_is_no_account():
    page = visitors.person(CAST.wang).get(reverse("insurance", args=["unemployment"])).text
    assert "没有余额" in page


def test_an_unknown_insurance_is_not_found():
    assert visitors.person(CAST.wang).get("/accounts/lottery/").status_code == 404


def test_benefits_are_shown():
    page = visitors.person(CAST.feng).get(reverse("insurance", args=["pension"])).text
    assert "4,308.84" in page
    assert "719.42" in page


def english(member, insurance):
    client = visitors.person(member)
    client.cookies["language"] = "en"
    return visitors.words(client.get(reverse("insurance", args=[insurance])))


def test_the_balance_stands_first_with_date_and_agency():
    page = visitors.words(visitors.person(CAST.wang).get(reverse("insurance", args=["pension"])))
    assert page.index("14,185.67") < page.index("缴了多少")
    assert "北京市社会保险经办机构" in page


def test_each_100_yuan_as_the_rules_of_today_say():
    page = english(CAST.wang, "pension")
    assert "You pay: into your personal account CNY 8.00; " in page
    assert "Employer pays: into the pooled fund (not in your account) CNY 16.00" in page
    assert "CNY 0.40" in english(CAST.wang, "work_injury")
    assert "Of each 100 yuan" not in english(CAST.feng, "pension")


def test_the_memo_total_is_named_as_what_it_is():
    page = english(CAST.feng, "pension")
    assert "-5,028.26" in page  # Nothing paid in here, 4,308.84 + 719.42 paid out.
    assert "It is no balance" in page


def test_a_zero_has_its_reason():
    assert "you pay nothing" in english(CAST.wang, "work_injury")
    assert "no personal account" in english(CAST.wang, "work_injury")
    assert "Nothing was received for this insurance up to" in english(CAST.zhou, "pension")
    assert "You have received no benefits" in english(CAST.wang, "pension")
    assert "0.00 元" not in visitors.words(visitors.person(CAST.zhou).get(reverse("insurance", args=["pension"])))


def test_cannot_tell_is_not_shown_as_none():
    page = english(CAST.zheng, "pension")
    assert "We cannot tell yet whether benefits were paid" in page
    assert "You have received no benefits" not in page


def test_what_the_money_may_be_used_for_with_the_law():
    page = english(CAST.wang, "pension")
    assert "what is left is inherited. Social Insurance Law, art. 14" in page
    assert "what is left is inherited" not in english(CAST.wang, "unemployment")


def test_a_retirees_quota_comes_from_the_pool(as_job):
    born = add_months(NOW, -76 * 12)
    with as_job():
        person = person_of(CAST.feng)
        InsuredPerson.objects.filter(pk=person.pk).update(birth_date=born)
        Enrolment.objects.create(
            person=person,
            scheme="medical",
            area_id=SHANGHAI,
            agency_id=f"MI{SHANGHAI}",
            category="retiree",
            status="active",
            status_since=born,
            first_insured_on=born,
            registered_on=born,
        )
    assert "The pooled fund puts CNY 1,890.00 a year into your account." in english(CAST.feng, "medical")


def test_a_quota_whose_amount_is_local_is_not_made_up(as_job):
    with as_job():
        Enrolment.objects.filter(person=person_of(CAST.feng)).update(scheme="medical", category="retiree")
    page = english(CAST.feng, "medical")
    assert "The pooled fund adds a fixed amount, which is set locally and not published here." in page


def test_a_resident_chooses_an_amount():
    page = english(CAST.qian, "pension")
    assert "You choose an amount a year. All of it goes into your account" in page
    assert "The government pays the basic pension beside it" in page


PAGES = ["insurance", "account_entries"]


@pytest.mark.parametrize("name", PAGES)
def test_a_stranger_sees_nothing_of_hers(name):
    page = visitors.person(CAST.li).get(reverse(name, args=["pension"]))
    assert page.status_code == 200
    for value in ("14,185.67", "12,345.67", CAST.wang.name):
        assert value not in page.text


@pytest.mark.parametrize("name", PAGES)
def test_nobody_is_led_to_sign_in(client, name):
    answer = client.get(reverse(name, args=["pension"]))
    assert answer.status_code == 302 and answer.headers["Location"].startswith("/?next=")


def test_entries_of_a_year():
    client = visitors.person(CAST.wang)
    page = visitors.words(client.get(reverse("account_entries", args=["pension"])))
    assert "14,185.67" in page and "-80.00" in page and "北京市社会保险经办机构" in page
    opened = months_ago(12).year
    older = visitors.words(client.get(reverse("account_entries", args=["pension"]), {"year": opened}))
    assert "12,345.67" in older


def test_entries_where_there_is_no_account():
    assert "没有余额" in visitors.person(CAST.wang).get(reverse("account_entries", args=["unemployment"])).text


@pytest.mark.parametrize(("name", "most"), [("insurance", 24), ("account_entries", 20)])
@pytest.mark.parametrize("member", [CAST.wang, CAST.sun, CAST.feng], ids=lambda m: m.name)
def test_queries_are_bounded(member, name, most, django_assert_max_num_queries):
    client = visitors.person(member)
    client.get(reverse(name, args=["pension"]))
    with django_assert_max_num_queries(most):
        client.get(reverse(name, args=["pension"]))
