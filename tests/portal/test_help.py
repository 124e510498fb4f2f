"""Help: eight questions, answered in few words, with the law in the original and the way to one's own data."""

import re

import pytest
from django.urls import reverse
from django.utils.translation import override

from portal import help as answers
from portal import law_texts
from tests import visitors
from tests.cast import CAST

KEYS = [question.key for question in answers.QUESTIONS]


def test_there_are_the_eight_questions_of_the_founding_texts(client):
    page = client.get(reverse("help"))
    assert page.status_code == 200
    assert len(KEYS) == len(set(KEYS)) == 8
    for question in answers.QUESTIONS:
        assert f'href="{reverse("help_on", args=[question.key])}"' in page.text


@pytest.mark.parametrize("question", answers.QUESTIONS, ids=KEYS)
def test_an_answer_is_short_and_rests_on_law(client, question):
    with override("zh-hans"):
        answer = [str(sentence) for sentence in question.answer]
    assert sum(map(len, answer)) <= answers.LONGEST_ANSWER
    assert all(re.search("[\u4e00-\u9fff]", sentence) for sentence in answer), "not translated"
    assert question.basis
    page = client.get(reverse("help_on", args=[question.key])).text
    for key, number in question.basis:
        assert f"{law_texts.law(key).title.removeprefix('中华人民共和国')} 第{number}条" in page
        assert law_texts.law(key).articles[number][0] in page


@pytest.mark.parametrize("question", answers.QUESTIONS, ids=KEYS)
def test_english(client, question):
    client.cookies["language"] = "en"
    page = visitors.words(client.get(reverse("help_on", args=[question.key]))).replace("&#x27;", "'")
    with override("en"):
        for sentence in (question.title, *question.answer):
            assert str(sentence) in page


@pytest.mark.django_db
def test_who_is_signed_in_is_led_to_her_own_data_and_a_stranger_to_the_sign_in(client):
    address = reverse("help_on", args=["unpaid"])
    own, sign_in = f'href="{reverse("payment_records")}"', f'href="{reverse("sign_in", args=["person"])}"'
    content = _content(client.get(address))
    assert own not in content
    assert sign_in in content
    hers = _content(visitors.person(CAST.wang).get(address))
    assert own in hers
    assert sign_in not in hers
    assert CAST.wang.name not in hers
    agents = _content(visitors.agent(CAST.agent).get(address))
    assert own not in agents


def _content(page):
    return page.text[page.text.index("<main") : page.text.index("</main>")]


@pytest.mark.parametrize(("key", "articles"), [("sil", 98), ("r765", 63)])
def test_the_laws_are_whole_and_say_where_they_come_from(client, key, articles):
    law = law_texts.law(key)
    assert list(law.articles) == list(range(1, articles + 1))
    assert all(paragraph.strip() for paragraphs in law.articles.values() for paragraph in paragraphs)
    index = client.get(reverse("law")).text
    assert law.title in index
    assert law.source in index
    assert f'datetime="{law.copied_on:%Y-%m-%d}"' in index
    for number in law.articles:
        assert f'href="{reverse("law_article", args=[key, number])}"' in index


def test_an_article_stands_alone_with_its_neighbours(client):
    page = client.get(reverse("law_article", args=["sil", 14])).text
    assert (
        "个人账户不得提前支取，记账利率不得低于银行定期存款利率，免征利息税。个人死亡的，个人账户余额可以继承。" in page
    )
    assert reverse("law_article", args=["sil", 13]) in page
    assert reverse("law_article", args=["sil", 15]) in page
    first, last = (client.get(reverse("law_article", args=["sil", number])).text for number in (1, 98))
    assert 'rel="prev"' not in first
    assert 'rel="next"' not in last


@pytest.mark.parametrize("address", ["/law/sil/99/", "/law/r765/64/", "/law/sil/0/", "/law/other/1/", "/help/nothing/"])
def test_there_is_no_such_article_or_question(client, address):
    assert client.get(address).status_code == 404


def test_nothing_of_it_asks_the_database(client):
    for address in (reverse("help"), reverse("help_on", args=["zero"]), reverse("law"), "/law/sil/14/"):
        assert client.get(address).status_code == 200  # without the mark django_db a query is an error
