"""Figures, days and identities as pages write them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils.translation import override

from registry.templatetags import words


def written(text, **values):
    return Template("{% load words %}" + text).render(Context(values))


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (Decimal("131415.92"), "131,415.92"),
        (Decimal("-640"), "-640.00"),
        (Decimal("0"), "0.00"),
        (Decimal("12345678901234567.89"), "12,345,678,901,234,567.89"),
        (0, "0.00"),
        (None, ""),
    ],
)
def test_money_in_a_table(amount, text):
    assert words.money(amount) == text


def test_a_binary_float_is_no_money():
    with pytest.raises(TypeError):
        words.money(0.1)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh-hans", '<data value="131415.92">131,415.92 元</data>'),
        ("en", '<data value="131415.92">CNY 131,415.92</data>'),
    ],
)
def test_money_with_its_unit(language, text):
    with override(language):
        assert written("{{ amount|yuan }}", amount=Decimal("131415.92")) == text


@pytest.mark.parametrize(
    ("language", "name", "text"),
    [
        ("zh-hans", "month", '<time datetime="2026-10">2026年10月</time>'),
        ("en", "month", '<time datetime="2026-10">Oct 2026</time>'),
        ("zh-hans", "day", '<time datetime="2026-10-01">2026年10月1日</time>'),
        ("en", "day", '<time datetime="2026-10-01">1 Oct 2026</time>'),
    ],
)
def test_months_and_days(language, name, text):
    with override(language):
        assert written("{{ value|" + name + " }}", value=date(2026, 10, 1)) == text


@pytest.mark.parametrize(("language", "text"), [("zh-hans", "2026年11月20日 09:12"), ("en", "20 Nov 2026, 09:12")])
def test_a_moment_in_local_time(language, text):
    with override(language):
        shown = words.moment(datetime(2026, 11, 20, 1, 12, tzinfo=UTC))
    assert shown == f'<time datetime="2026-11-20T09:12+08:00">{text}</time>'


def test_in_a_title_only_the_text():
    with override("zh-hans"):
        assert written("{{ value|month|striptags }}", value=date(2026, 10, 1)) == "2026年10月"


@pytest.mark.parametrize("name", ["money", "yuan", "month", "day", "moment"])
def test_what_is_not_known_is_nothing_never_a_zero(name):
    assert written("{{ value|" + name + " }}", value=None) == ""


@pytest.mark.parametrize(
    ("months", "chinese", "english"),
    [
        (133, "11 年 1 个月（133 个月）", "11 years 1 month (133 months)"),
        (180, "15 年（180 个月）", "15 years (180 months)"),
        (12, "1 年（12 个月）", "1 year (12 months)"),
        (7, "7 个月", "7 months"),
        (0, "0 个月", "0 months"),
    ],
)
def test_a_duration_in_years_and_in_months(months, chinese, english):
    with override("zh-hans"):
        assert words.duration(months) == chinese
    with override("en"):
        assert words.duration(months) == english


def test_identities_on_the_screen():
    assert words.masked_id("990101199003071233") == '<bdi class="id">990101********1233</bdi>'
    assert words.masked_name("王小明") == "<bdi>王*明</bdi>"


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("990101199003071233", '<bdi class="id">990101 19900307 1233</bdi>'),
        ("E12345678", '<bdi class="id">E12345678</bdi>'),
    ],
)
def test_a_whole_number_is_grouped(number, text):
    assert words.whole_id(number) == text


def test_what_a_name_holds_is_escaped():
    assert written("{{ name|masked_name }}", name="<明>") == "<bdi>&lt;*&gt;</bdi>"
