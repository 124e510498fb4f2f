import pytest
from django.urls import reverse

from tests import visitors
from tests.cast import CAST, CLERK, OPERATOR


def test_the_two_doors_and_what_stands_below_them_without_a_query(client):
    page = client.get(reverse("home")).text
    for kind, words in (("person", "个人查询"), ("employer", "单位查询"), ("staff", "工作人员入口")):
        assert f'href="{reverse("sign_in", args=[kind])}"' in page
        assert words in page
    for address, words in (
        (reverse("activate"), "首次使用"),
        (reverse("halls"), "办事大厅"),
        ("tel:12333", "咨询 12333"),
    ):
        assert f'<a href="{address}">{words}</a>' in page


def test_one_heading_and_a_title_with_the_products_name(client):
    page = client.get(reverse("home")).text
    assert page.count("<h1") == 1
    assert "<title>查询您的社保账户 - 社保账户查询</title>" in page


def test_the_five_insurances_are_named(client):
    page = client.get(reverse("home")).text
    for words in ("养老保险", "医疗保险", "失业保险", "工伤保险", "生育保险"):
        assert words in page


def test_it_is_only_looked_at(client):
    assert client.post(reverse("home")).status_code == 405


@pytest.mark.django_db
def test_whoever_is_signed_in_is_led_to_a_first_page():
    signed_in = {
        "my_accounts": visitors.person(CAST.wang),
        "employer_home": visitors.agent(CAST.agent),
        "window_today": visitors.staff(CLERK),
        "operators_desk": visitors.staff(OPERATOR),
    }
    for name, client in signed_in.items():
        assert client.get(reverse("home")).headers["Location"] == reverse(name)
