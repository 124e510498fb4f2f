"""The papers of a person in a real browser: statements with their picture, the sheet, the file of the whole record."""

import zipfile

from django.core.management import call_command

from registry.roles import acting_as
from tests.cast import CAST, LAST, months_ago

from .test_pages import both_languages, examine, language, named, sign_in

YEAR = LAST.year
ADDRESSES = ["/statements/", f"/statements/{YEAR}/", f"/statements/{YEAR}/print/", "/my-list/print/"]


def issue():
    with acting_as("job"):
        for year in range(months_ago(12).year, YEAR + 1):
            call_command("credit_interest", "--year", year, verbosity=0)
            call_command("issue_statements", "--year", year, verbosity=0)


@both_languages
def test_statements(page, code):
    issue()
    sign_in(page, "person", CAST.wang.number)
    language(page, code)
    assert [f for address in ADDRESSES for f in examine(page, address, named(address, code))] == []


def test_an_estimate_with_every_figure_supposed(page):
    sign_in(page, "person", CAST.li.number)
    asked = "base=9000&calculation_base=12049&index=0.95&average_wage=12000&interest_rate=1.5"
    assert examine(page, f"/prospects/?{asked}", "prospects-supposed") == []
    assert examine(page, "/prospects/?base=-5&index=9", "prospects-wrong") == []


def test_the_file_is_taken_with_one_press(page, tmp_path):
    sign_in(page, "person", CAST.wang.number)
    page.goto("/take-out/")
    with page.expect_download() as taken:
        page.click("main form button")
    taken.value.save_as(tmp_path / "record.zip")
    with zipfile.ZipFile(tmp_path / "record.zip") as file:
        assert file.testzip() is None
        assert {"record.json", "verify.py"} <= set(file.namelist())
