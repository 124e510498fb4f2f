import pytest
from django.urls import reverse

ADDRESS = reverse("set_language")


def test_chinese_whatever_the_browser_prefers(client):
    answer = client.get(reverse("home"), headers={"Accept-Language": "en,de;q=0.8"})
    assert answer.headers["Content-Language"] == "zh-hans"
    assert '<html lang="zh-hans"' in answer.text
    assert "社保账户查询" in answer.text


def test_the_switch_is_remembered_and_leads_back(client):
    answer = client.post(ADDRESS, {"language": "en", "next": "/halls/?district=1"})
    assert answer.headers["Location"] == "/halls/?district=1"
    page = client.get(reverse("home"))
    assert page.headers["Content-Language"] == "en"
    assert "Social Security Account Portal" in page.text


def test_the_cookie_cannot_be_read_by_scripts_and_names_nobody(client):
    cookie = client.post(ADDRESS, {"language": "en"}).cookies["language"]
    assert (cookie.value, cookie["httponly"], cookie["samesite"]) == ("en", True, "Lax")


@pytest.mark.parametrize("language", ["fr", "", "zh-hans; Domain=elsewhere.example"])
def test_a_language_that_is_not_ours_changes_nothing(client, language):
    answer = client.post(ADDRESS, {"language": language})
    assert "language" not in answer.cookies


def test_a_forged_cookie_gives_chinese(client):
    client.cookies["language"] = "xx"
    assert client.get(reverse("home")).headers["Content-Language"] == "zh-hans"


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", ""])
def test_it_never_leads_elsewhere(client, target):
    answer = client.post(ADDRESS, {"language": "en", "next": target})
    assert answer.headers["Location"] == reverse("home")


def test_it_is_a_deed(client):
    assert client.get(ADDRESS).status_code == 405


@pytest.mark.parametrize(
    ("sender", "back"),
    [
        ("http://testserver/sign-in/person/?from=home", "/sign-in/person/?from=home"),
        ("http://testserver/halls/", "/halls/"),
        ("http://elsewhere.example/halls/", "/"),
        ("", "/"),
    ],
)
def test_on_a_page_that_a_form_has_brought_it_leads_back_to_the_form(client, sender, back):
    page = client.post(reverse("sign_in", args=["person"]), headers={"Referer": sender})
    assert f'<input type="hidden" name="next" value="{back}">' in page.text
