"""Every page in a real browser: axe finds nothing, nothing overflows, and it all works without scripts."""

import os
from pathlib import Path
from urllib.parse import urljoin

import pytest
from axe_playwright_python.sync_playwright import Axe

from inquiries.models import RequiredPaper, User
from tests import sheets
from tests.cast import CAST, CLERK, PASSWORD, months_ago

# Chinese every day; English too in `make acceptance`.
both_languages = pytest.mark.parametrize("code", ["zh-hans", pytest.param("en", marks=pytest.mark.acceptance)])
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
WIDTHS = (390, 1280)
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SMALL_TARGETS = """
() => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, summary')]
    .filter(e => e.offsetParent && !e.matches('.skip') && !e.closest('p:not(.deeds), td, caption'))
    .map(e => [e, (e.closest('label') || e).getBoundingClientRect()])
    .map(([e, r]) => [e.outerHTML.slice(0, 90), r.width, r.height])
    .filter(([, w, h]) => h < 24 || w < 24)
"""
OPEN_PAGES = [
    "/",
    "/sign-in/person/",
    "/sign-in/employer/",
    "/sign-in/staff/",
    "/activate/",
    "/halls/",
    "/places/",
    "/places/?district=nowhere",
    "/privacy/",
    "/help/",
    "/help/zero/",
    "/help/unpaid/",
    "/law/",
    "/law/sil/14/",
    "/rules/",
    "/rules/?table=minimum_months",
    "/rules/try/",
    "/rules/try/?what=late_fee&unpaid=1000&due_on=2026-01-15&paid_on=2026-03-01",
    "/rules/try/?what=split&scheme=pension&category=employee&month=2026-01&wage=8000",
    "/nowhere/",
]
PERSON_PAGES = [
    "/accounts/",
    "/accounts/pension/",
    "/accounts/unemployment/",
    "/changes/",
    "/accounts/work_injury/",
    "/accounts/pension/entries/",
    "/accounts/pension/sources/",
    "/accounts/pension/sources/?term=contrib_ind",
    "/accounts/medical/sources/",
    "/accounts/pension/interest/",
    "/accounts/unemployment/interest/",
    "/payments/",
    "/payments/?insurance=medical",
    "/payments/?year=soon",
    f"/payments/?year={months_ago(2).year}",
    "/payments/lifetime/",
    "/registration/",
    "/registration/history/",
    "/employment/",
    "/my-card/",
    "/benefits/",
    "/medical-spending/",
    "/transfers/",
    "/unemployment/",
    "/work-injury/",
    "/who-looked/",
    "/statements/",
    "/statements/2020/",
    "/my-list/",
    "/my-list/print/",
    "/take-out/",
    "/prospects/",
    "/prospects/?category=female_50",
]
EMPLOYER_PAGES = ["/employer/", "/payment-list/", "/payment-list/print/"]


def sign_in(page, kind, login):
    page.goto(f"/sign-in/{kind}/")
    page.fill("[name=login]", login)
    page.fill("[name=password]", PASSWORD)
    page.click("main button.go")
    if page.url.endswith("/sign-in/code/"):
        page.fill("[name=code]", sheets.next_code(User.objects.with_login(kind, login).pk))
        page.click("main button.go")


def language(page, code):
    page.context.add_cookies([{"name": "language", "value": code, "url": urljoin(page.url, "/")}])


def examine(page, address, name):
    """Look at one page at both widths, loaded once for both; gives what is wrong with it as sentences."""
    found = []
    page.goto(address)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        violations = Axe().run(page, options=RULES).response["violations"]
        found += [f"{address} {width}px {v['id']}: {v['nodes'][0]['html'][:120]}" for v in violations]
        if page.evaluate(OVERFLOW) > 0:
            found.append(f"{address} {width}px: wider than the window")
        found += [f"{address} {width}px small target: {t}" for t in page.evaluate(SMALL_TARGETS)]
        if folder := os.environ.get("SCREENSHOTS"):
            page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
    return found


def named(address, code):
    return f"{address.strip('/').replace('/', '-').replace('?', '-').replace('=', '-') or 'home'}-{code}"


@both_languages
def test_open_pages(page, code):
    page.goto("/")
    language(page, code)
    assert [f for address in OPEN_PAGES for f in examine(page, address, named(address, code))] == []


@both_languages
def test_pages_of_a_person(page, code):
    sign_in(page, "person", CAST.wang.number)
    language(page, code)
    assert [f for address in PERSON_PAGES for f in examine(page, address, named(address, code))] == []


@pytest.mark.parametrize(
    "member", [CAST.zhao, CAST.qian, CAST.sun, CAST.zhou, CAST.wu, CAST.zheng, CAST.chen], ids=lambda m: m.what[:2]
)
def test_my_accounts_of_the_others(page, member):
    sign_in(page, "person", member.number)
    addresses = ("/accounts/", "/payments/", "/payments/lifetime/")
    found = [f for address in addresses for f in examine(page, address, named(address, member.sequence))]
    assert found == []


@both_languages
def test_pages_of_an_agent(page, code):
    sign_in(page, "employer", CAST.agent.number)
    language(page, code)
    assert [f for address in EMPLOYER_PAGES for f in examine(page, address, named(address, code))] == []


def test_a_visit_at_the_window_without_scripts(browser, live_server):
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    sign_in(page, "staff", CLERK)
    page.click("text=开始受理 >> nth=-1")
    for paper in RequiredPaper.objects.filter(actor="self"):
        page.check(f"#paper-{paper.pk}")
    page.fill("[name=number]", CAST.wang.number)
    page.fill("[name=again]", CAST.wang.number)
    page.select_option("[name=purpose]", "balance")
    page.click("main button.go")
    page.check("[name=result][value=matched]")
    page.click("main button.go")
    assert page.url.endswith("/accounts/")
    assert "14,185.67" in page.content()
    page.click("text=结束受理")
    page.click("main button.go")
    assert page.url.endswith("/window/")
    context.close()


def test_pages_of_the_window(page):
    sign_in(page, "staff", CLERK)
    found = examine(page, "/window/", "window") + examine(page, "/window/start/", "window-start")
    for paper in RequiredPaper.objects.filter(actor="self"):
        page.check(f"#paper-{paper.pk}")
    page.fill("[name=number]", CAST.wang.number)
    page.fill("[name=again]", CAST.wang.number)
    page.select_option("[name=purpose]", "balance")
    page.click("main button.go")
    found += examine(page, "/window/identity/", "window-identity")
    page.check("[name=result][value=matched]")
    page.click("main button.go")
    found += examine(page, "/accounts/", "window-accounts") + examine(page, "/window/finish/", "window-finish")
    assert found == []


def test_the_keyboard_alone_signs_in(page):
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.goto("/sign-in/person/")
    page.focus("[name=login]")
    page.keyboard.type(CAST.chen.number)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in/code/")
    page.focus("[name=code]")
    page.keyboard.type(sheets.next_code(User.objects.with_login("person", CAST.chen.number).pk))
    page.keyboard.press("Enter")
    page.wait_for_url("**/accounts/")


def test_text_size_and_language_are_remembered(page):
    page.goto("/")
    page.click("button[value=large]")
    assert "text-large" in page.get_attribute("html", "class")
    page.click("button[value=en]")
    assert page.get_attribute("html", "lang") == "en"
    page.goto("/halls/")
    assert "text-large" in page.get_attribute("html", "class")
    assert page.get_attribute("html", "lang") == "en"
