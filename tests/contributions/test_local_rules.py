"""The list of rules: who may look, what stands there, and that it costs the same whatever is in it."""

import pytest
from django.test import Client
from django.urls import reverse

from contributions.rules import TABLES
from tests import visitors
from tests.cast import BEIJING, CAST

from .rule_pages import decide, draft, propose

pytestmark = pytest.mark.django_db
LIST = "/local-rules/"
PROPOSE = "/local-rules/late_fee_rate/propose/"
DEEDS = [f"{PROPOSE}draft/", "/local-rules/approve/", "/local-rules/ask-withdrawal/", "/local-rules/withdraw/"]


def test_signed_out_visitors_are_sent_to_sign_in():
    for address in (LIST, PROPOSE):
        assert Client().get(address).status_code == 302


@pytest.mark.parametrize(
    "visitor", [lambda: visitors.person(CAST.wang), lambda: visitors.agent(CAST.agent), visitors.staff]
)
def test_persons_agents_and_clerks_are_refused(visitor):
    client = visitor()
    assert {client.get(address).status_code for address in (LIST, PROPOSE)} == {403}
    assert {client.post(address).status_code for address in DEEDS} == {403}


def test_an_auditor_looks_and_changes_nothing(auditor, operators):
    propose(operators[0])
    page = auditor.get(LIST, {"table": "late_fee_rate"})
    assert page.status_code == 200
    assert "京测〔2026〕1号" in page.text
    assert 'method="post" action="/local-rules/' not in page.text
    assert reverse("propose_rule", args=["late_fee_rate"]) not in page.text
    assert auditor.get(PROPOSE).status_code == 403
    assert {auditor.post(address).status_code for address in DEEDS} == {403}
    assert draft().state == "draft"


@pytest.mark.parametrize("address", DEEDS)
def test_a_deed_is_not_looked_at(operators, address):
    assert operators[0].get(address).status_code == 405


@pytest.mark.parametrize("table", TABLES)
def test_every_table_is_listed(operators, table):
    page = operators[0].get(LIST, {"table": table})
    assert page.status_code == 200
    first = TABLES[table].objects.filter(state="in_force").order_by("origin", "area_code", "key").first()
    assert first.source in page.context["rules"][0].rule.source
    assert page.context["rules"][0].figures


def test_a_rule_says_figures_period_source_and_state_in_words(operators):
    text = visitors.words(operators[0].get(LIST, {"table": "base_bound", "area": BEIJING}))
    for word in ("7,270.00", "36,348.00", "2026年7月", "京人社发〔2026〕7号", "北京市"):
        assert word in text


@pytest.mark.parametrize(
    ("asked", "count"),
    [({"area": BEIJING}, 5), ({"area": BEIJING, "state": "draft"}, 0), ({"state": "in_force"}, 5)],
)
def test_the_list_is_filtered(operators, asked, count):
    assert operators[0].get(LIST, {"table": "base_bound"} | asked).context["page"].paginator.count == count


def test_what_cannot_be_read_is_said_and_the_rest_is_shown(operators):
    page = operators[0].get(LIST, {"table": "dental", "area": "990000", "page": "x"})
    assert page.status_code == 200
    assert set(page.context["form"].errors) == {"table", "area"}


def test_what_waits_for_a_second_person_stands_above_every_table(operators):
    propose(operators[0])
    propose(operators[0], "minimum_months", since="2027-01", until="", months="200")
    waiting = operators[1].get(LIST).context["waiting"]
    assert [(row["table"], row["is_withdrawal"]) for row in waiting] == [
        ("late_fee_rate", False),
        ("minimum_months", False),
    ]
    decide(operators[1], "approve_rule", draft())
    decide(operators[1], "ask_rule_withdrawal", draft())
    waiting = operators[1].get(LIST).context["waiting"]
    assert [(row["table"], row["is_withdrawal"]) for row in waiting] == [
        ("minimum_months", False),
        ("late_fee_rate", True),
    ]


def test_the_list_costs_the_same_whatever_is_in_it(operators, django_assert_num_queries):
    propose(operators[0])
    # The message about the draft is read here: the next page has no session to write.
    operators[0].get(LIST)
    with django_assert_num_queries(9):
        operators[0].get(LIST, {"table": "late_fee_rate"})
    for year in range(2030, 2036):
        propose(operators[0], since=f"{year}-01", until=f"{year}-07")
    operators[0].get(LIST)
    with django_assert_num_queries(9):
        operators[0].get(LIST, {"table": "late_fee_rate"})


def test_operators_find_the_page_in_their_navigation(operators):
    assert f'href="{LIST}"' in operators[0].get(LIST).text
