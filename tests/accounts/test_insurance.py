import pytest
from django.urls import reverse

from accounts import history
from registry.insurance import Insurance
from registry.models import InsuredPerson
from tests import visitors
from tests.cast import CAST

pytestmark = pytest.mark.django_db


def person_of(member):
    return InsuredPerson.objects.with_number("citizen", member.number).get()


@pytest.mark.parametrize("insurance", Insurance.values)
def test_every_insurance_has_a_statement(insurance):
    page = visitors.person(CAST.wang).get(reverse("insurance", args=[insurance]))
    assert page.status_code == 200
    assert "统筹基金" in page.text


def test_the_statement_adds_up():
    for insurance in Insurance:
        statement = history.statement(person_of(CAST.wang), insurance)
        assert statement.own + statement.employer + statement.subsidy == statement.to_account + statement.to_pool


def test_entries_run_up_to_the_balance():
    (account,) = history.accounts_with_entries(person_of(CAST.wang), Insurance.PENSION)
    assert account.entries[0].after == account.balance
    assert sum(e.amount for e in account.entries) == account.balance
    assert account.balance == account.current_year + account.prior_years


def test_a_pooled_insurance_says_that_there_is_no_account():
    page = visitors.person(CAST.wang).get(reverse("insurance", args=["unemployment"])).text
    assert "没有余额" in page


def test_an_unknown_insurance_is_not_found():
    assert visitors.person(CAST.wang).get("/accounts/lottery/").status_code == 404


def test_benefits_are_shown():
    page = visitors.person(CAST.feng).get(reverse("insurance", args=["pension"])).text
    assert "4,308.84" in page
    assert "719.42" in page


@pytest.mark.parametrize("member", [CAST.wang, CAST.sun, CAST.feng], ids=lambda m: m.name)
def test_queries_do_not_depend_on_the_history(member, django_assert_num_queries):
    client = visitors.person(member)
    client.get(reverse("insurance", args=["pension"]))
    with django_assert_num_queries(16):
        client.get(reverse("insurance", args=["pension"]))
