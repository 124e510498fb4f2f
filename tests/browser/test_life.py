"""The pages of a person's life with something on them, in a real browser."""

from datetime import date

import pytest

from tests.browser.test_pages import both_languages, examine, language, named, sign_in
from tests.cast import CAST, months_ago
from tests.living import benefit, disabled, diseased, injured, moved, skilled, treated, unemployed

PAGES = [
    "/registration/history/",
    "/employment/",
    "/benefits/?insurance=pension&year=2025",
    "/medical-spending/?year=2024",
    "/transfers/",
    "/unemployment/",
    "/work-injury/",
]


@pytest.fixture
def lived(live_server):
    """Wang has a life with everything in it."""
    for month in range(1, 13):
        benefit(CAST.wang, "pension", "pension", date(2025, month, 15), pool="3120.00", account="809.44")
    back = {"status": "returned", "bank_last_four": "8765"}
    benefit(CAST.wang, "pension", "pension", date(2025, 8, 18), pool="-3120.00", account="-809.44", **back)
    benefit(CAST.wang, "injury_grant", "work_injury", date(2024, 8, 6), pool="88000.00", decision_no="GS7")
    for year in (2022, 2023, 2024):
        treated(CAST.wang, date(year, 3, 4), pool="4123.91", account="1537.43", own="566.11", visit="inpatient")
        treated(CAST.wang, date(year, 4, 9), account="43.20", relation="spouse", visit="pharmacy")
    benefit(CAST.wang, "medical_reimbursement", "medical", date(2024, 5, 6), pool="640.00")
    moved(CAST.wang, ("applied", date(2026, 3, 2)), ("money_sent", date(2026, 3, 16)), account="31415.92")
    moved(CAST.wang, ("rejected", date(2025, 3, 2)), application_no="ZY2", scheme="medical", reason="材料不全")
    unemployed(CAST.wang, months_ago(2), granted=12, used=4)
    injured(CAST.wang)
    diseased(CAST.wang)
    disabled(CAST.wang)
    skilled(CAST.wang)


@both_languages
def test_pages_of_a_life(lived, page, code):
    sign_in(page, "person", CAST.wang.number)
    language(page, code)
    assert [f for address in PAGES for f in examine(page, address, f"life-{named(address, code)}")] == []


def test_the_numbers_behind_the_picture_unfold_on_a_phone(lived, page):
    sign_in(page, "person", CAST.wang.number)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/medical-spending/")
    assert not page.is_visible("main table")
    page.click("main summary")
    assert page.is_visible("main table")
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    assert page.locator("main svg[role=img]").count() == 3
