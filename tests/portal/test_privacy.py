import pytest
from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from portal import privacy
from tests import visitors


def test_anybody_reads_the_notice_with_its_version_and_day(client):
    client.cookies["language"] = "en"
    page = client.get(reverse("privacy"))
    assert page.status_code == 200
    assert f"Version {privacy.VERSION}, in force since" in page.text
    assert f'datetime="{privacy.SINCE:%Y-%m-%d}"' in page.text
    said = visitors.words(page)
    with override("en"):
        for title, sentences in privacy.SECTIONS:
            for text in (title, *sentences):
                assert str(text).split("'")[0] in said.replace("&#x27;", "'")


@pytest.mark.parametrize("name", ["home", "sign_in", "privacy"])
def test_every_page_leads_to_it(client, name):
    page = client.get(reverse(name, args=["person"] if name == "sign_in" else []))
    assert f'href="{reverse("privacy")}"' in page.text


def test_the_document_is_of_the_same_version():
    document = (settings.BASE_DIR / "docs" / "privacy.md").read_text(encoding="utf-8")
    assert f"Version {privacy.VERSION}, {privacy.SINCE:%Y-%m-%d}" in document


def test_nothing_on_it_asks_for_consent(client):
    client.cookies["language"] = "en"
    page = client.get(reverse("privacy")).text
    main = page[page.index("<main") : page.index("</main>")]
    assert "<form" not in main
    assert "<input" not in main
