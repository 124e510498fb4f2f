"""An agent says for which employer he asks."""

import pytest
from django.test import Client
from django.urls import reverse

from inquiries.models import EmployerAgent, Inquiry, User
from tests import visitors
from tests.cast import CAST, HARBOUR, STRANGER_WORKS

pytestmark = pytest.mark.django_db
CHOOSE = "choose_employer"


def test_one_employer_needs_no_question():
    answer = visitors.sign_in("employer", CAST.agent.number).get(reverse(CHOOSE))
    assert answer.headers["Location"] == reverse("employer_home")


def test_several_employers_are_offered_and_nothing_is_open_before_the_choice():
    client = visitors.sign_in("employer", CAST.double_agent.number)
    text = client.get(reverse(CHOOSE)).text
    assert text.count('name="unit"') == 2
    for code, name in ((HARBOUR, "海港食品有限公司"), (STRANGER_WORKS, "远山机械有限公司")):
        assert f'name="unit" value="{code}"' in text
        assert f"查询{name}" in text
    assert not Inquiry.objects.filter(user__name=CAST.double_agent.name).exists()


def test_the_choice_opens_that_employer():
    client = visitors.sign_in("employer", CAST.double_agent.number)
    answer = client.post(reverse(CHOOSE), {"unit": STRANGER_WORKS}, follow=True)
    assert answer.redirect_chain == [(reverse("employer_home"), 302)]
    assert "远山机械有限公司" in answer.text
    assert "海港食品有限公司" not in answer.text


@pytest.mark.parametrize("unit", [STRANGER_WORKS, "", "91990000MA0000000X"])
def test_an_employer_that_named_somebody_else_is_not_found(unit):
    client = visitors.sign_in("employer", CAST.agent.number)
    assert client.post(reverse(CHOOSE), {"unit": unit}).status_code == 404


def test_an_agent_of_nobody_is_told_what_to_bring(as_job):
    user = User.objects.create(kind="employer", login_key="employer:nobody", name="无单位")
    assert not EmployerAgent.objects.filter(user=user).exists()
    client = Client()
    visitors.let_in(client, user)
    assert "请带盖公章的单位证明和您的身份证到窗口办理" in client.get(reverse(CHOOSE)).text


@pytest.mark.parametrize("visitor", [lambda: visitors.person(CAST.wang), visitors.staff], ids=["person", "clerk"])
def test_nobody_else_chooses_an_employer(visitor):
    assert visitor().get(reverse(CHOOSE)).status_code == 403
