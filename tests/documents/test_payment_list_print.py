"""The list on paper: every line, the head of each sheet, the log of everybody printed."""

import re

import pytest
from django.urls import reverse

from inquiries.models import AccessLog
from registry.identity import masked
from registry.months import add_months
from tests.cast import citizen_number

from .conftest import BIRTH, MONTH, NOW, make_person
from .listing import ask, table_of, words_of

COLUMNS = [
    *("序号", "姓名", "证件号码", "险种", "费款所属期", "记账年月", "缴费类型", "缴费基数", "单位缴费", "个人缴费"),
    *("滞纳金", "合计", "状态", "到账日"),
]


@pytest.fixture
def printed(works, client_of, as_job):
    """A list of 70 lines that an agent printed."""
    with as_job():
        for n in range(68):
            works.receive(make_person(f"职工{n:02}", 900 + n), "1000.00")
        works.assess(make_person("欠<b>缴", 970), "2000.00")
        works.receive(make_person("阿卜杜热合曼·麦麦提", 971), "3000.00", kind="backpay", late_fee="7.77")
    client = client_of(works)
    return client, ask(client, name="payment_list_print")


def test_all_lines_stand_on_it_with_whole_names_and_masked_numbers(printed):
    _client, answer = printed
    rows = table_of(answer)
    assert [row[0] for row in rows] == [str(n) for n in range(1, 71)]
    by_name = {row[1]: row for row in rows}
    month = f"{MONTH:%Y-%m}"
    assert by_name["职工00"] == [
        *(by_name["职工00"][0], "职工00", masked(citizen_number(BIRTH, 900)), "养老保险", month, month, "正常缴费"),
        *("1,000.00", "160.00", "80.00", "0.00", "240.00", "✓ 已到账", f"{month}-10"),
    ]
    assert by_name["阿卜杜热合曼·麦麦提"][6:] == [
        *("补缴", "3,000.00", "480.00", "240.00", "7.77", "727.77", "补 已补缴", f"{month}-10"),
    ]
    assert citizen_number(BIRTH, 900) not in answer.text


def test_a_name_is_text_and_never_markup(printed):
    _client, answer = printed
    assert "欠&lt;b&gt;缴" in answer.text
    assert "欠<b>缴" not in answer.text


def test_the_head_of_each_sheet_says_whose_list_it_is(printed):
    _client, answer = printed
    head = words_of(re.search(r"<thead>.*?</thead>", answer.text, re.S)[0])
    for fact in (
        *("职工缴费名单", "用人单位：灯塔电器有限公司", "险种：职工基本养老保险", "笔数：70", "打印人： 秦*办"),
        *(f"费款所属期： {MONTH.year}年{MONTH.month}月", "打印时间：", "单位：元", "社会保险经办机构"),
    ):
        assert fact in head
    assert re.findall(r'<th scope="col"[^>]*>(.*?)</th>', answer.text) == COLUMNS


def test_sums_of_each_state_and_of_all_close_the_list(printed):
    _client, answer = printed
    feet = re.findall(r"<tr>(.*?)</tr>", re.search(r"<tfoot>.*?</tfoot>", answer.text, re.S)[0], re.S)
    assert [words_of(foot) for foot in feet] == [
        "已到账 68 笔 10,880.00 5,440.00 0.00 16,320.00",
        "欠缴 1 笔 320.00 160.00 0.00 480.00",
        "已补缴 1 笔 480.00 240.00 7.77 727.77",
        "合计 70 笔 11,680.00 5,840.00 7.77 17,527.77",
    ]
    end = words_of(answer.text.split("合计 </th>")[-1].split("</table>")[-1])
    assert end == "本单为网页打印件，未加盖印章。"
    assert answer.text.index("以下空白") > answer.text.index("17,527.77")


def test_everybody_printed_gets_a_print_row(printed):
    client, _answer = printed
    rows = AccessLog.objects.filter(user_id=client.user.pk)
    assert rows.count() == 70
    assert set(rows.values_list("kind", "page", "detail")) == {
        ("print", "documents.payment_list_print", f"pension {MONTH:%Y-%m}")
    }


def test_an_empty_list_prints_as_such(works, client_of):
    answer = ask(client_of(works), month=NOW, name="payment_list_print")
    assert table_of(answer) == []
    assert "以下空白" in answer.text


def test_what_cannot_be_asked_leads_to_the_page_that_says_why(works, client_of):
    asked = {"month": f"{add_months(NOW, 3):%Y-%m}", "insurance": "pension"}
    answer = client_of(works).get(reverse("payment_list_print"), asked)
    assert answer.headers["Location"] == reverse("payment_list", query=asked)
