"""The employer's list on paper, as the browser prints it."""

import re

from registry.models import Employer
from registry.months import add_months
from tests.cast import CAST, HARBOUR, NOW
from tests.documents.conftest import Works, make_person

from .test_pages import sign_in

MONTH = add_months(NOW, -1)


def style(page, selector, name):
    return page.evaluate(f"getComputedStyle(document.querySelector('{selector}'))['{name}']")


def test_a_list_of_three_sheets(page, as_job):
    with as_job():
        harbour = Works(Employer.objects.get(credit_code=HARBOUR))
        for n in range(48):
            harbour.receive(make_person(f"职工{n:02}", 300 + n), month=MONTH)
    sign_in(page, "employer", CAST.agent.number)
    page.click("text=查看、打印职工缴费名单")
    page.select_option("[name=month]", f"{MONTH:%Y-%m}")
    page.click("text=查看名单")
    page.click("main >> text=打印职工缴费名单")
    assert page.locator("tbody tr").count() == 50
    pdf = page.pdf(prefer_css_page_size=True)
    sheets = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert len(sheets) == 3
    assert all(float(width) > float(height) for width, height in sheets)
    page.emulate_media(media="print")
    assert style(page, "thead", "display") == "table-header-group"
    assert style(page, "tbody tr", "breakInside") == "avoid"
    assert not page.is_visible(".tools")
    assert float(style(page, "tbody td", "fontSize").removesuffix("px")) >= 12  # 9 pt
