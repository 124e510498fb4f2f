"""The second step and its set-up in a real browser: axe, both widths, a passkey, all else without scripts."""

from inquiries import bound_phones, second_factors
from inquiries.models import User
from tests import apps
from tests.cast import CAST, CLERK, PASSWORD

from .test_pages import both_languages, examine, language, sign_in


def prove_password(page, kind, login):
    page.goto(f"/sign-in/{kind}/")
    page.fill("[name=login]", login)
    page.fill("[name=password]", PASSWORD)
    page.click("main button.go")


def user_of(kind, login):
    return User.objects.with_login(kind, login)


@both_languages
def test_pages_of_the_second_step(page, code):
    bound_phones.bind(user_of("person", CAST.chen.number), "13800001234", "window")
    prove_password(page, "person", CAST.chen.number)
    language(page, code)
    found = examine(page, "/sign-in/code/", f"second-step-{code}")
    page.fill("[name=code]", "12345678")
    page.click("main button.go")
    assert page.locator(".errors").is_visible()
    assert found == []


def test_pages_of_the_set_up(page):
    second_factors.remove_all(user_of("staff", CLERK))
    prove_password(page, "staff", CLERK)
    found = []
    for address in ("/sign-in/set-up/", "/security/app/", "/security/passkey/", "/forgotten/"):
        found += examine(page, address, address.strip("/").replace("/", "-"))
    assert found == []


@both_languages
def test_pages_about_oneself(page, code):
    user = user_of("person", CAST.chen.number)
    bound_phones.bind(user, "13800001234", "window")
    bound_phones.ask_change(user, "13911112222")
    sign_in(page, "person", CAST.chen.number)
    language(page, code)
    found = []
    for address in ("/security/", "/security/password/", "/security/phone/", "/security/phone/confirm/"):
        found += examine(page, address, f"{address.strip('/').replace('/', '-')}-{code}")
    assert found == []


def with_authenticator(page):
    """Chromium's own virtual security key, which answers by itself."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True, "isUserVerified": True}
    options |= {"hasResidentKey": True, "automaticPresenceSimulation": True}
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_passkey_is_made_and_used(page):
    with_authenticator(page)
    sign_in(page, "person", CAST.li.number)
    page.goto("/security/passkey/")
    page.click("main form[data-request] button")
    page.wait_for_selector("table.codes")
    assert page.locator("table.codes tbody tr").count() == 10
    page.context.clear_cookies()
    prove_password(page, "person", CAST.li.number)
    assert page.url.endswith("/sign-in/code/")
    page.click("main form[data-request] button")
    page.wait_for_url("**/accounts/")


def test_an_app_is_set_up_without_scripts(browser, live_server):
    second_factors.remove_all(user_of("staff", CLERK))
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    prove_password(page, "staff", CLERK)
    page.goto("/security/passkey/")
    assert page.locator(".without-passkeys").is_visible()
    assert not page.locator("form[data-request]").is_visible()
    page.goto("/security/app/")
    page.fill("[name=code]", apps.code(page.inner_text(".secret").replace(" ", "")))
    page.click("main button.go")
    page.wait_for_selector("table.codes")
    page.click(".tools a")
    assert page.url.endswith("/window/")
    context.close()


def test_a_password_is_shown_without_scripts(browser, live_server):
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto("/sign-in/person/")
    page.fill("[name=password]", "kites over the bridge")
    page.click("button[name=show]")
    assert page.get_attribute("[name=password]", "type") == "text"
    assert page.input_value("[name=password]") == "kites over the bridge"
    context.close()
