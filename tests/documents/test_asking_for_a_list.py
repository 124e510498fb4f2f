"""What is asked for: month and insurance, their defaults, and what the page says where there is no list."""

import re

import pytest
from django.urls import reverse

from inquiries.models import AccessLog
from registry.models import SourceState
from registry.months import add_months
from tests.cast import BEIJING, COMPLETE_TO, SOCIAL

from .conftest import MONTH, NOW, TODAY, make_person
from .listing import ask, names_of, words_of


def chinese(month):
    return f"{month.year}年{month.month}月"


@pytest.fixture
def client(works, client_of, as_job):
    """An agent of an employer with lines from MONTH to the month after."""
    with as_job():
        works.receive(make_person("首月人", 601))
        works.receive(make_person("次月人", 602), month=add_months(MONTH, 1))
    return client_of(works)


def test_without_a_question_the_last_month_with_lines_is_shown(client):
    answer = client.get(reverse("payment_list"))
    assert names_of(answer) == ["次*人"]
    assert f'<option value="{add_months(MONTH, 1):%Y-%m}" selected>' in answer.text


def test_the_months_to_choose_from_are_those_with_lines(client):
    options = re.findall(r'<option value="(\d{4}-\d\d)"', client.get(reverse("payment_list")).text)
    assert options == [f"{add_months(MONTH, 1):%Y-%m}", f"{MONTH:%Y-%m}"]


def test_a_month_that_is_assessed_ahead_waits_until_it_comes(works, client_of, as_job):
    with as_job():
        works.assess(make_person("明月人", 603), month=add_months(NOW, 1), due_on=add_months(NOW, 1))
    assert names_of(ask(client_of(works), add_months(NOW, 1))) == []


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"month": f"{add_months(NOW, 1):%Y-%m}"}, f"{chinese(add_months(NOW, 1))} 还没有到"),
        ({"month": f"{add_months(MONTH, -1):%Y-%m}"}, f"本地数据从 {chinese(MONTH)} 开始"),
        ({"month": "2026-13"}, "费款所属期请按 2026-10 的样子填写"),
        ({"month": "soon"}, "费款所属期请按 2026-10 的样子填写"),
        ({"month": "0000-00"}, "费款所属期请按 2026-10 的样子填写"),
        ({"month": ""}, "请输入费款所属期"),
        ({"insurance": "dogs"}, "请选择五个险种之一"),
    ],
)
def test_what_cannot_be_asked_is_said_on_the_same_page(client, asked, words):
    answer = client.get(reverse("payment_list"), asked)
    assert answer.status_code == 200
    assert answer.text.count(words) == 2  # in the summary and beside the field
    assert "有 1 处需要修改" in answer.text
    assert "<title>错误：" in answer.text
    assert names_of(answer) == []
    assert not AccessLog.objects.filter(user_id=client.user.pk, person_id__gt=0).exists()


def test_a_month_without_lines_is_none_only_where_the_sources_reach_it(client, as_job):
    nothing = f"本单位 {chinese(MONTH)} 没有工伤保险的缴费记录。"
    assert nothing in words_of(ask(client, insurance="work_injury").text)
    with as_job():
        SourceState.objects.filter(agency_id=f"{SOCIAL}{BEIJING}").update(complete_to=add_months(MONTH, -1))
    words = words_of(ask(client, insurance="work_injury").text)
    assert nothing not in words
    assert "还不能确定" in words
    assert "之后的变化还没有到这里" in words


def test_a_refused_delivery_is_said_with_the_date_of_the_last_good_one(client, as_job):
    with as_job():
        SourceState.objects.filter(agency_id=f"{SOCIAL}{BEIJING}", kind="contributions").update(
            refused_at=f"{TODAY}T08:00+08:00"
        )
    words = words_of(ask(client).text)
    assert "最近一次送来的数据未通过核对" in words
    assert f"截至 {chinese(COMPLETE_TO)}" in words
    assert "没有工伤保险" not in words_of(ask(client, insurance="work_injury").text)


def test_an_employer_without_any_line_can_ask_too(works, client_of):
    assert names_of(client_of(works).get(reverse("payment_list"))) == []
