"""What a page may weigh (ux.md §5.3), and that no two pages are called the same."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from tests import long_life, visitors
from tests.browser.test_pages import OPEN_PAGES, PERSON_PAGES
from tests.cast import CAST

HTML, CSS, JS = 60_000, 6_000, 4_000  # bytes; style and scripts compressed
STATIC = Path(settings.BASE_DIR) / "static"


def compressed(paths):
    return sum(len(gzip.compress(path.read_bytes(), 9)) for path in paths)


def test_the_style_sheets_are_small():
    assert compressed([STATIC / "css" / "portal.css"]) <= CSS
    assert compressed((STATIC / "css").glob("*.css")) <= 2 * CSS


def test_the_scripts_are_small_all_together():
    assert compressed((STATIC / "js").glob("*.js")) <= JS


def weights(client, addresses):
    """{address: bytes} of the pages that are heavier than a page may be."""
    found = {address: len(client.get(address, follow=True).content) for address in addresses}
    return {address: weight for address, weight in found.items() if weight > HTML}


@pytest.mark.django_db
def test_open_pages_are_small():
    assert weights(Client(), OPEN_PAGES) == {}


@pytest.mark.django_db
@pytest.mark.parametrize("member", [CAST.wang, CAST.feng, CAST.sun], ids=lambda m: m.name)
def test_pages_of_a_person_are_small(member):
    assert weights(visitors.person(member), PERSON_PAGES) == {}


@pytest.mark.django_db
def test_pages_of_forty_years_are_small():
    assert weights(visitors.person(long_life.load()), PERSON_PAGES) == {}


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_no_two_pages_have_the_same_title(language):
    client = visitors.person(CAST.wang)
    client.cookies["language"] = language
    titles = {}
    for address in dict.fromkeys(address.partition("?")[0] for address in (*OPEN_PAGES, *PERSON_PAGES)):
        if address.endswith("print/"):
            continue  # the same page, on paper
        visitor = Client(headers={"cookie": f"language={language}"}) if address in OPEN_PAGES else client
        page = visitor.get(address)
        if page.status_code == 200:
            titles.setdefault(re.search(r"<title>(.*?)</title>", page.text, re.S)[1].strip(), []).append(address)
    assert {title: addresses for title, addresses in titles.items() if len(addresses) > 1} == {}
    assert len(titles) > len(PERSON_PAGES) // 2
    name = {"zh-hans": "社保账户查询", "en": "Social Security Account Portal"}[language]
    assert all(title.endswith(f" - {name}") and len(title) > len(name) + 3 for title in titles)
