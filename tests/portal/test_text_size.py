import pytest
from django.urls import reverse

ADDRESS = reverse("set_text_size")


def test_standard_at_first(client):
    page = client.get(reverse("home")).text
    assert 'class="text-standard"' in page
    assert '<button name="size" value="standard" aria-pressed="true">标准</button>' in page


@pytest.mark.parametrize(("size", "word"), [("large", "大"), ("extra", "特大")])
def test_the_switch_is_remembered_and_leads_back(client, size, word):
    answer = client.post(ADDRESS, {"size": size, "next": "/halls/"})
    assert answer.headers["Location"] == "/halls/"
    page = client.get(reverse("home")).text
    assert f'class="text-{size}"' in page
    assert f'<button name="size" value="{size}" aria-pressed="true">{word}</button>' in page


def test_a_size_that_is_not_ours_changes_nothing(client):
    assert "text" not in client.post(ADDRESS, {"size": "huge"}).cookies
    client.cookies["text"] = '"><script>'
    assert 'class="text-standard"' in client.get(reverse("home")).text


def test_it_never_leads_elsewhere(client):
    answer = client.post(ADDRESS, {"size": "large", "next": "https://elsewhere.example/"})
    assert answer.headers["Location"] == reverse("home")


def test_it_is_a_deed(client):
    assert client.get(ADDRESS).status_code == 405
