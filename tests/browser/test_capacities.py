"""Mandates, calls, papers and the kiosk in a real browser: axe finds nothing, and it all works without scripts."""

from inquiries.models import Mandate, RequiredPaper
from tests.cast import CAST, CLERK, OPERATOR
from tests.entrusting import DESK, SECOND_CLERK, day_in, make_desk, make_second_clerk

from .test_pages import both_languages, examine, language, sign_in


def fill_in_a_mandate(page):
    page.goto("/mandates/grant/")
    page.fill("[name=name]", CAST.chen.name)
    page.fill("[name=number]", CAST.chen.number)
    page.check("[name=scopes][value=accounts]")
    page.check("[name=scopes][value=payments]")
    page.select_option("[name=purpose]", "balance")
    page.fill("[name=last_day]", day_in(5))
    page.click("main button.go")


def someone_else(page, kind, login):
    page.context.clear_cookies()
    sign_in(page, kind, login)


@both_languages
def test_a_mandate_from_granting_to_asking(page, code):
    sign_in(page, "person", CAST.wang.number)
    language(page, code)
    found = examine(page, "/mandates/grant/", f"mandate-form-{code}") + examine(page, "/phone-code/", f"call-{code}")
    fill_in_a_mandate(page)
    page.click("main button.go")
    found += examine(page, "/mandates/", f"mandates-{code}")
    someone_else(page, "person", CAST.chen.number)
    language(page, code)
    found += examine(page, "/choose-record/", f"choose-record-{code}")
    page.click("main button[value]:not([value=''])")
    found += examine(page, "/accounts/", f"proxy-{code}") + examine(page, "/registration/", f"refused-{code}")
    assert found == []


def test_papers_of_a_proxy_at_two_windows_without_scripts(browser, live_server):
    make_second_clerk()
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    sign_in(page, "staff", CLERK)
    page.goto("/window/start/?actor=proxy")
    for paper in RequiredPaper.objects.filter(actor="proxy"):
        page.check(f"#paper-{paper.pk}")
    page.fill("[name=visitor_name]", CAST.chen.name)
    page.fill("[name=visitor_number]", CAST.chen.number)
    page.fill("[name=number]", CAST.wang.number)
    page.fill("[name=again]", CAST.wang.number)
    page.select_option("[name=purpose]", "balance")
    page.click("main button.go")
    assert page.url.endswith("/window/")
    other = browser.new_context(base_url=live_server.url, java_script_enabled=False, locale="zh-CN")
    second = other.new_page()
    sign_in(second, "staff", SECOND_CLERK)
    second.goto("/window/papers/")
    second.click(f"form[action$='/confirm/'] button[value='{Mandate.objects.get().token}']")
    page.goto("/window/identity/")
    page.check("[name=result][value=matched]")
    page.click("main button.go")
    assert page.url.endswith("/accounts/")
    assert "14,185.67" in page.content()
    context.close()
    other.close()


def test_pages_of_the_staff(page):
    make_second_clerk()
    make_desk()
    sign_in(page, "staff", SECOND_CLERK)
    found = []
    for actor in ("proxy", "guardian", "unit"):
        found += examine(page, f"/window/start/?actor={actor}", f"window-start-{actor}")
    found += examine(page, "/window/papers/", "papers")
    someone_else(page, "staff", DESK)
    found += examine(page, "/phone/", "phone-desk")
    someone_else(page, "staff", OPERATOR)
    found += examine(page, "/operators/clerks/", "clerks") + examine(page, "/operators/kiosks/", "kiosks")
    assert found == []


def test_the_kiosk(page):
    sign_in(page, "staff", OPERATOR)
    page.goto("/operators/kiosks/")
    page.fill("[name=name]", "K1")
    page.click("main button.go")
    assert page.url.endswith("/kiosk/")
    found = examine(page, "/kiosk/", "kiosk")
    page.set_viewport_size({"width": 1080, "height": 1920})
    sign_in(page, "person", CAST.wang.number)
    assert page.url.endswith("/kiosk/tiles/")
    for tile in page.query_selector_all(".tiles a"):
        box = tile.bounding_box()
        assert box["width"] >= 200 and box["height"] >= 160
    found += examine(page, "/kiosk/tiles/", "kiosk-tiles") + examine(page, "/accounts/", "kiosk-accounts")
    page.set_viewport_size({"width": 1080, "height": 1920})
    page.goto("/accounts/")
    amount = page.locator("data", has_text="14,185.67").first
    assert not amount.is_visible()
    page.click(".amounts summary")
    assert amount.is_visible()
    small = (
        "[...document.querySelectorAll('main button, main .button, main summary, nav a')].filter(e => e.offsetParent)"
    )
    assert page.evaluate(f"{small}.every(e => e.getBoundingClientRect().height >= 60)")
    assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") == 28
    found += examine(page, "/kiosk/still-there/", "kiosk-still-there")
    assert found == []
