"""The Nu HTML checker (https://validator.github.io/validator/) finds nothing in any page of any visitor.

Long, and left to `make acceptance`. Wants Java and the checker's jar, whose path stands in NU_JAR; CI has neither.
"""

import json
import os
import shutil
import subprocess

import pytest
from django.test import Client

from tests import visitors
from tests.browser.test_pages import OPEN_PAGES, PERSON_PAGES
from tests.cast import CAST
from tests.permission_walk import VISITORS, address_of, make_what_addresses_name, undone
from tests.test_permissions import MATRIX

JAR = os.environ.get("NU_JAR", "")
pytestmark = [
    pytest.mark.acceptance,
    pytest.mark.django_db,
    pytest.mark.skipif(not (JAR and shutil.which("java")), reason="needs Java, and NU_JAR: the checker's vnu.jar"),
]
LANGUAGES = ("zh-hans", "en")
PEOPLE = [CAST.wang, CAST.qian, CAST.sun, CAST.zhou, CAST.wu, CAST.zheng, CAST.feng, CAST.chen, CAST.chu, CAST.wei]


def html_of(client, address, language):
    """The page as text, or None where this visitor gets none."""
    client.cookies["language"] = language
    with undone(client):
        answer = client.get(address)
        is_page = answer.headers.get("Content-Type", "").startswith("text/html") and answer.status_code < 600
        if not is_page or answer.status_code in {301, 302, 303}:
            return None
        return answer.getvalue().decode() if answer.streaming else answer.text


def checked(pages, folder):
    """{page: [what the checker says]} of {name: html}."""
    names = {}
    for number, (name, html) in enumerate(pages.items()):
        path = folder / f"{number}.html"
        path.write_text(html, encoding="utf-8")
        names[path.as_uri()] = name
    command = [
        "java",
        "-jar",
        JAR,
        "--format",
        "json",
        "--exit-zero-always",
        "--stdout",
        *map(str, folder.glob("*.html")),
    ]
    said = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    found = {}
    for message in said["messages"]:
        words = f"{message['message']} | {message.get('extract', '')[:120]}"
        found.setdefault(names.get(message.get("url", "").replace("file:/", "file:///", 1), "?"), []).append(words)
    return found


def test_the_checker_finds_what_is_wrong(tmp_path):
    assert "bad" in checked({"bad": "<!doctype html><html lang=en><title>x</title><p><div></p>"}, tmp_path)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("visitor", VISITORS)
def test_every_page_of_every_visitor(visitor, language, tmp_path):
    make_what_addresses_name()
    client = VISITORS[visitor]()
    pages = {name: html_of(client, address_of(name), language) for name in MATRIX}
    pages = {name: html for name, html in pages.items() if html}
    assert pages
    assert checked(pages, tmp_path) == {}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("member", PEOPLE, ids=lambda m: m.name)
def test_the_pages_of_every_person(member, language, tmp_path):
    client = visitors.person(member)
    pages = {address: html_of(client, address, language) for address in PERSON_PAGES}
    assert checked({address: html for address, html in pages.items() if html}, tmp_path) == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_open_pages(language, tmp_path):
    pages = {address: html_of(Client(), address, language) for address in OPEN_PAGES}
    assert checked({address: html for address, html in pages.items() if html}, tmp_path) == {}
