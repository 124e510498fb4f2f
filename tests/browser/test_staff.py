"""Accounts of staff in a real browser: axe finds nothing, two people and no scripts are all it takes."""

from inquiries.models import StaffMember, StaffRequest
from tests.cast import CAST, CLERK, SECURITY_ADMINISTRATOR, SYSTEM_ADMINISTRATOR

from .test_pages import both_languages, examine, language, sign_in


def ask_for_a_new_clerk(page):
    page.goto("/staff/new/")
    page.fill("[name=staff_no]", "N2001")
    page.fill("[name=name]", "顾新人")
    page.select_option("[name=role]", "clerk")
    page.select_option("[name=agency]", index=1)
    page.fill("[name=office]", "5 号窗口")
    page.fill("[name=reason]", "人字〔2026〕12号")
    page.click("main button.go")
    return StaffRequest.objects.latest("pk")


@both_languages
def test_pages_of_the_administrators(page, code):
    refused = []
    page.on("console", lambda said: refused.append(said.text) if "Content Security Policy" in said.text else None)
    sign_in(page, "staff", SYSTEM_ADMINISTRATOR)
    language(page, code)
    asked = ask_for_a_new_clerk(page)
    clerk = StaffMember.objects.get(staff_no=CLERK)
    found = []
    for address in ("", "new/", "deeds/", f"{clerk.pk}/", f"requests/{asked.pk}/"):
        found += examine(page, f"/staff/{address}", f"staff-{address.strip('/').replace('/', '-') or 'list'}-{code}")
    found += examine(page, "/system/settings/", f"system-settings-{code}")
    sign_in(page, "staff", SECURITY_ADMINISTRATOR)
    found += examine(page, f"/staff/requests/{asked.pk}/", f"staff-decide-{code}")
    assert found == []
    assert refused == []


def test_an_account_is_made_by_two_people_without_scripts(browser, live_server):
    pages = []
    for staff_no in (SYSTEM_ADMINISTRATOR, SECURITY_ADMINISTRATOR):
        context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
        pages.append(context.new_page())
        sign_in(pages[-1], "staff", staff_no)
    asks, decides = pages
    asked = ask_for_a_new_clerk(asks)
    decides.goto(f"/staff/requests/{asked.pk}/")
    decides.fill("[name=reason]", "对过任命文件")
    decides.click("main form button >> nth=0")
    asks.goto(f"/staff/requests/{asked.pk}/")
    asks.click("main form button >> nth=0")
    assert asks.locator(".figure .value").inner_text().count("-") == 2
    for each in pages:
        each.context.close()


@both_languages
def test_the_whole_number(page, code):
    sign_in(page, "person", CAST.wang.number)
    language(page, code)
    found = examine(page, "/number/", f"number-{code}")
    page.click("main form button")
    assert page.locator("main strong bdi").inner_text().replace(" ", "") == CAST.wang.number
    assert found == []


VIOLATION = """
() => new Promise(told => {
    document.addEventListener("securitypolicyviolation", event => told(event.effectiveDirective));
    document.head.append(Object.assign(document.createElement("script"), {text: "window.ran = 1"}));
})
"""


def test_a_script_in_the_page_is_stopped_by_the_policy(page):
    page.goto("/")
    assert page.evaluate(VIOLATION) == "script-src-elem"
    assert page.evaluate("window.ran") is None
