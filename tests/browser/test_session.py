"""The end of a session in a real browser: the warning, going on with and without scripts, and what is said after."""

from datetime import timedelta

from axe_playwright_python.sync_playwright import Axe
from django.db.models import F

from inquiries.models import Notice, Session
from tests.cast import CAST, PASSWORD
from tests.time_passes import unused_for

from .test_pages import OVERFLOW, RULES, both_languages, examine, language

PHONE = {"width": 390, "height": 844}
WARNING = ".session .warning"
GO_ON = ".session button"


def sign_in(page, public="no"):
    page.goto("/sign-in/person/")
    page.fill("[name=login]", CAST.wang.number)
    page.fill("[name=password]", PASSWORD)
    page.check(f"[name=public][value={public}]")
    page.click("main button.go")


def violations(page):
    return [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in Axe().run(page, options=RULES).response["violations"]]


def test_the_warning_and_going_on_from_where_one_is(page):
    page.set_viewport_size(PHONE)
    page.clock.install()
    sign_in(page)
    assert page.is_hidden(WARNING)
    unused_for(timedelta(minutes=13, seconds=30))
    page.clock.fast_forward("13:30")
    page.wait_for_selector(f"{WARNING}:visible")
    assert "即将自动退出" in page.inner_text(WARNING)
    assert page.locator(GO_ON).bounding_box()["y"] < PHONE["height"]
    assert violations(page) == []
    assert page.evaluate(OVERFLOW) <= 0
    before = page.url
    page.click(GO_ON)
    page.wait_for_selector(WARNING, state="hidden")
    assert page.url == before
    assert Session.objects.filter(last_seen_at__gt=F("began_at") + timedelta(minutes=13)).exists()


def test_another_tab_that_goes_on_takes_the_warning_away(page):
    page.clock.install()
    sign_in(page)
    page.clock.fast_forward("13:30")
    # The server was asked, and knows of use that this page does not.
    page.wait_for_function("document.querySelector('.session time').textContent.length > 0")
    assert page.is_hidden(WARNING)


def test_at_the_end_the_page_is_gone_and_says_why(page):
    page.clock.install()
    sign_in(page)
    page.goto("/payments/")
    unused_for(timedelta(minutes=15))
    page.clock.fast_forward("15:10")
    page.wait_for_url("**/sign-in/person/**")
    assert "为保护您的信息，长时间未操作已自动退出。" in page.inner_text("main")
    assert violations(page) == []
    page.fill("[name=login]", CAST.wang.number)
    page.fill("[name=password]", PASSWORD)
    page.click("main button.go")
    page.wait_for_url("**/payments/")


def test_without_scripts_a_button_on_every_page_goes_on(browser, live_server):
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False, locale="zh-CN", viewport=PHONE)
    page = context.new_page()
    sign_in(page)
    page.goto("/payments/")
    unused_for(timedelta(minutes=14))
    page.click(GO_ON)
    assert page.url.endswith("/payments/")
    unused_for(timedelta(minutes=14))
    page.goto("/registration/")
    assert page.url.endswith("/registration/")
    context.close()


@both_languages
def test_the_own_pages(page, code):
    sign_in(page)
    language(page, code)
    user = Session.objects.get().user
    Notice.objects.create(person=user.person, kind=Notice.Kind.MANDATE_ENDED, at=user.date_joined)
    addresses = ["/account/", "/account/freeze/", "/inbox/", "/session/step-up/?undone=1", "/accounts/"]
    found = [
        f for address in addresses for f in examine(page, address, f"{address.strip('/').replace('/', '-')}-{code}")
    ]
    assert found == []
