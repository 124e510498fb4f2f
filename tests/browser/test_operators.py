"""Operators' pages in a real browser: axe finds nothing, nothing overflows, a correction needs no scripts."""

import io

from django.core.management import call_command

from accounts.models import Batch, Correction
from tests.cast import AUDITOR, CAST, OPERATOR, SECOND_OPERATOR

from .test_pages import both_languages, examine, language, sign_in


def look_up(page, member):
    page.goto("/operators/person/")
    page.fill("[name=number]", member.number)
    page.select_option("[name=purpose]", "correction")
    page.fill("[name=reference]", "2026-0042")
    page.click("main button.go")


def ask_for_a_correction(page):
    look_up(page, CAST.wang)
    page.click("a[href*='/operators/person/correction/'] >> nth=0")
    page.check("[name=undone] >> nth=0")
    page.select_option("[name=kind_1]", "contrib_ind")
    page.fill("[name=period_1]", "2026-10")
    page.fill("[name=amount_1]", "600.00")
    page.fill("[name=reason]", "The base was 7,500, not 8,000")
    page.click("main button.go")
    return Correction.objects.latest("pk")


@both_languages
def test_pages_without_a_person(page, code):
    call_command("check_books", stdout=io.StringIO())
    for arguments in (("2025",), ("2026", "--preview")):
        call_command("credit_interest", "--year", *arguments, stdout=io.StringIO(), stderr=io.StringIO())
    sign_in(page, "staff", AUDITOR)
    language(page, code)
    batch = Batch.objects.order_by("pk").first().pk
    found = []
    batches = ("batches/", "batches/?month=soon", f"batches/{batch}/")
    for address in ("", *batches, "proofs/", "corrections/", "interest/", "person/"):
        name = address.strip("/").replace("/", "-").replace("?", "-").replace("=", "-") or "desk"
        found += examine(page, f"/operators/{address}", f"operators-{name}-{code}")
    assert found == []


@both_languages
def test_pages_that_show_persons(page, code):
    sign_in(page, "staff", OPERATOR)
    language(page, code)
    entries = f"/operators/batches/{Batch.objects.filter(kind='opening').order_by('pk').first().pk}/entries/"
    page.goto(entries)
    found = examine(page, page.url, f"operators-why-{code}")
    page.select_option("[name=purpose]", "audit")
    page.fill("[name=reference]", "A-7")
    page.click("main button.go")
    found += examine(page, entries, f"operators-batch-entries-{code}")
    correction = ask_for_a_correction(page)
    found += examine(page, "/operators/person/entries/", f"operators-entries-{code}")
    page.click("a[href*='/operators/person/correction/'] >> nth=0")
    found += examine(page, page.url, f"operators-propose-{code}")
    found += examine(page, f"/operators/corrections/{correction.pk}/", f"operators-correction-own-{code}")
    found += examine(page, "/operators/corrections/", f"operators-corrections-open-{code}")
    assert found == []


def test_a_correction_goes_its_way_without_scripts(browser, live_server):
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    sign_in(page, "staff", OPERATOR)
    assert page.url.endswith("/operators/")
    correction = ask_for_a_correction(page)
    context.clear_cookies()
    sign_in(page, "staff", SECOND_OPERATOR)
    page.goto("/operators/corrections/")
    page.click(f"form[action='/operators/corrections/{correction.pk}/look/'] button")
    page.fill("[name=decision_reason]", "Compared with the slip")
    page.click("form[action$='/approve/'] button >> nth=0")
    correction.refresh_from_db()
    assert correction.state == "approved"
    call_command("post_corrections", stdout=io.StringIO())
    context.clear_cookies()
    sign_in(page, "person", CAST.wang.number)
    page.goto("/accounts/medical/entries/")
    assert "The base was 7,500, not 8,000" in page.content()
    context.close()


def test_the_persons_page_with_a_correction(page):
    sign_in(page, "staff", OPERATOR)
    correction = ask_for_a_correction(page)
    page.context.clear_cookies()
    sign_in(page, "staff", SECOND_OPERATOR)
    page.goto("/operators/corrections/")
    page.click(f"form[action='/operators/corrections/{correction.pk}/look/'] button")
    found = examine(page, page.url, "operators-correction-decide")
    page.fill("[name=decision_reason]", "Compared with the slip")
    page.click("form[action$='/approve/'] button >> nth=0")
    call_command("post_corrections", stdout=io.StringIO())
    found += examine(page, f"/operators/corrections/{correction.pk}/", "operators-correction-posted")
    page.context.clear_cookies()
    sign_in(page, "person", CAST.wang.number)
    found += examine(page, "/accounts/medical/entries/", "medical-corrected")
    assert found == []
