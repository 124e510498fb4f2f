"""The local rules in a real browser: an operator looks, proposes and decides, with and without mistakes."""

import pytest

from contributions.rules import TABLES
from tests.browser.test_pages import both_languages, examine, sign_in
from tests.made_staff import make_staff


@pytest.fixture
def operators(fresh_database):
    return [make_staff(f"T100{number}", "operator") for number in (1, 2)]


def language(page, live_server, code):
    # For the whole site: the address of a page would bind the cookie to that page's folder.
    page.context.add_cookies([{"name": "language", "value": code, "url": live_server.url}])


def propose(page):
    page.goto("/local-rules/late_fee_rate/propose/")
    for name, value in (("area_code", "110000"), ("since", "2027-01"), ("daily_rate", "0.0001"), ("source", "通知")):
        page.fill(f"[name={name}]", value)
    page.click("main button.go")


@both_languages
def test_the_pages_of_the_local_rules(page, live_server, operators, code):
    sign_in(page, "staff", "T1001")
    language(page, live_server, code)
    tables = ["contribution_rule", "base_bound", "account_quota"]
    found = [f for table in tables for f in examine(page, f"/local-rules/?table={table}", f"rules-{table}-{code}")]
    for table in ("contribution_rule", "account_quota", "retirement_schedule"):
        found += examine(page, f"/local-rules/{table}/propose/", f"rules-propose-{table}-{code}")
    propose(page)
    assert page.url.endswith("/local-rules/?table=late_fee_rate")
    found += examine(page, "/local-rules/?table=late_fee_rate", f"rules-draft-{code}")
    page.goto("/local-rules/?table=dental&area=990000")
    found += examine(page, "/local-rules/?table=dental&area=990000", f"rules-wrong-{code}")
    page.context.clear_cookies()
    sign_in(page, "staff", "T1002")
    language(page, live_server, code)
    found += examine(page, "/local-rules/?table=late_fee_rate", f"rules-decide-{code}")
    page.click('form[action="/local-rules/approve/"] button')
    found += examine(page, "/local-rules/?table=late_fee_rate", f"rules-in-force-{code}")
    assert found == []
    assert TABLES["late_fee_rate"].objects.get(origin="local").state == "in_force"
