"""The portal among the apps of a phone: name, colours, icons of the sizes they claim."""

import struct
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.urls import reverse

PNG = b"\x89PNG\r\n\x1a\n"


def size_of(path):
    content = Path(path).read_bytes()
    assert content.startswith(PNG)
    return "{}x{}".format(*struct.unpack(">II", content[16:24]))


def test_it_names_the_portal_and_begins_at_home(client):
    answer = client.get(reverse("manifest"))
    assert answer.headers["Content-Type"] == "application/manifest+json"
    facts = answer.json()
    assert facts["name"] == "社保账户查询"
    assert facts["lang"] == "zh-hans"
    assert (facts["start_url"], facts["scope"], facts["id"]) == ("/", "/", "/")
    client.cookies["language"] = "en"
    assert client.get(reverse("manifest")).json()["name"] == "Social Security Account Portal"


def test_the_icons_are_there_in_the_sizes_they_claim(client):
    icons = client.get(reverse("manifest")).json()["icons"]
    assert {icon["sizes"] for icon in icons} == {"192x192", "512x512"}
    assert any("maskable" in icon["purpose"] for icon in icons)
    for icon in icons:
        assert icon["src"].startswith(settings.STATIC_URL)
        path = finders.find(f"img/icon-{icon['sizes'].split('x')[0]}.png")
        assert size_of(path) == icon["sizes"]
        assert Path(path).stat().st_size < 10_000


def test_the_page_may_load_it():
    assert settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]["manifest-src"] == ["'self'"]


def test_nothing_private_is_kept_on_the_phone():
    scripts = Path(settings.BASE_DIR, "static", "js").glob("*.js")
    assert all("serviceWorker" not in script.read_text(encoding="utf-8") for script in scripts)
