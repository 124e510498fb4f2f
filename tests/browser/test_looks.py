"""Pages about look-ups in a real browser: axe finds nothing, nothing overflows, a question goes its way."""

from datetime import timedelta

from django.utils import timezone

from inquiries.models import DelayedDisplay, LookQuestion
from tests.cast import AUDITOR, CAST, OPERATOR, SECOND_OPERATOR
from tests.cast_feed import agency
from tests.looking import plant, user_of

from .test_pages import both_languages, examine, language, sign_in


def say_why(page, address):
    page.goto(address)
    page.select_option("[name=purpose]", "audit")
    page.fill("[name=reference]", "A-7")
    page.click("main button.go")


@both_languages
def test_pages_about_look_ups(page, code):
    found = []
    plant(CAST.li, capacity="operator", user=user_of(OPERATOR), agency=agency("SI", "110000"), office="机房", count=3)
    sign_in(page, "person", CAST.li.number)
    language(page, code)
    page.goto("/who-looked/")
    page.click("details:has(form[action='/who-looked/ask/']) > summary")
    page.fill("main textarea >> nth=0", "您为什么看我的记录？")
    page.click("form[action='/who-looked/ask/'] button")
    assert LookQuestion.objects.count() == 1
    found += examine(page, "/who-looked/?who=others", f"who-looked-{code}")
    page.context.clear_cookies()
    sign_in(page, "staff", SECOND_OPERATOR)
    language(page, code)
    say_why(page, "/operators/questions/")
    found += examine(page, "/operators/questions/", f"look-questions-{code}")
    page.goto("/operators/secrecy/")
    page.fill("[name=number]", CAST.li.number)
    page.fill("[name=document_no]", "2026-7")
    page.fill("[name=law_article]", "§54")
    page.fill("[name=shown_from]", (timezone.localdate() + timedelta(days=30)).isoformat())
    page.click("main form[action='/operators/secrecy/ask/'] button")
    assert DelayedDisplay.objects.count() == 1
    page.context.clear_cookies()
    sign_in(page, "staff", OPERATOR)
    language(page, code)
    say_why(page, "/operators/secrecy/")
    found += examine(page, "/operators/secrecy/", f"orders-of-secrecy-{code}")
    page.context.clear_cookies()
    sign_in(page, "staff", AUDITOR)
    language(page, code)
    say_why(page, "/audit/look-ups/")
    for address in ("/audit/look-ups/", "/audit/unusual/"):
        found += examine(page, address, f"{address.strip('/').replace('/', '-')}-{code}")
    assert found == []
