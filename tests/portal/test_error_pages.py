"""What a visitor reads when something went wrong. No test here may touch the database: it may be what went wrong."""

import json
import logging
import re
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.test import Client
from django.urls import path
from django.views.debug import get_exception_reporter_class

from portal import urls
from portal.log_lines import JsonLines

AWAY = "系统暂时无法查询，您的记录没有受影响。请稍后再来，或拨打 12333。"


def raising(error):
    @login_not_required
    def view(request):
        raise error

    return view


handler400, handler500 = urls.handler400, urls.handler500
urlpatterns = [
    path("crash/", raising(ValueError("the secret of the crash"))),
    path("away/", raising(OperationalError("connection refused"))),
    path("closed/", raising(InterfaceError("connection already closed"))),
    path("forbidden/", raising(PermissionDenied)),
    *urls.urlpatterns,
]


@pytest.fixture
def visitor(settings):
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


@pytest.fixture
def written():
    """What the log's own formatter makes of each event, at the moment it happens."""
    lines, handler = [], logging.Handler()
    handler.emit = lambda record: lines.append(JsonLines().format(record))
    logging.getLogger().addHandler(handler)
    yield lines
    logging.getLogger().removeHandler(handler)


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/nowhere/", 404, "没有找到这一页"),
        ("/forbidden/", 403, "这项内容不在您的查询范围内"),
        ("/crash/", 500, "这一页没有打开"),
        ("/away/", 503, "暂时无法查询"),
        ("/closed/", 503, "暂时无法查询"),
    ],
)
def test_each_says_what_happened_and_where_to_go_on(visitor, address, status, words):
    answer = visitor.get(address)
    assert answer.status_code == status
    assert f"<h1>{words}</h1>" in answer.text
    assert f"<title>{words} - 社保账户查询</title>" in answer.text
    assert 'href="/"' in answer.text
    assert 'href="tel:12333"' in answer.text


def test_a_crash_carries_a_number_that_stands_in_the_log_and_nothing_of_the_error(visitor, written):
    page = visitor.get("/crash/").text
    number = re.search(r'<bdi class="value">([0-9A-F]{12})</bdi>', page)[1]
    assert number in "".join(written)
    assert "secret of the crash" not in page


@pytest.mark.parametrize("address", ["/nowhere/", "/forbidden/", "/away/", "/crash/"])
def test_each_says_the_number_of_the_request(visitor, address):
    answer = visitor.get(address)
    assert answer.headers["X-Request-ID"] in answer.text


def test_a_refusal_that_django_logs_afterwards_carries_it_too(visitor, written):
    answer = visitor.get("/nowhere/")
    assert [json.loads(line)["request"] for line in written] == [answer.headers["X-Request-ID"]]


def test_a_crash_report_holds_nothing_that_was_typed(rf, settings):
    request = rf.post("/crash/?q=1", {"number": "990101199003070012", "password": "a quiet walk"})
    number = request.POST["number"]
    try:
        raise ValueError("the form was wrong")
    except ValueError:
        reporter = get_exception_reporter_class(request)(request, *sys.exc_info(), is_email=True)
    for report in (reporter.get_traceback_text(), reporter.get_traceback_html()):
        assert "the form was wrong" in report
        assert number not in report
        assert "a quiet walk" not in report


def test_after_a_submission_it_says_to_look_first(visitor):
    caution = "请先看看是否已经办好"
    assert caution in visitor.post("/crash/").text
    assert caution not in visitor.get("/crash/").text


def test_the_database_away_is_said_in_these_words_and_is_to_be_tried_again(visitor):
    answer = visitor.get("/away/")
    assert AWAY in answer.text
    assert int(answer.headers["Retry-After"]) > 0


def test_they_keep_the_visitors_language_and_text_size(visitor):
    visitor.cookies.load({"language": "en", "text": "extra"})
    page = visitor.get("/away/").text
    assert "Your records are not affected." in page
    assert '<html lang="en" class="text-extra">' in page


def test_a_host_that_is_not_ours(visitor):
    answer = visitor.get("/", headers={"Host": "elsewhere.example"})
    assert answer.status_code == 400
    assert "没有读懂这次请求" in answer.text
    assert "elsewhere.example" not in answer.text


def test_a_form_without_its_token(settings):
    answer = Client(enforce_csrf_checks=True).post("/text-size/", {"size": "large"})
    assert answer.status_code == 403
    assert "这一页打开得太久了" in answer.text


def test_the_page_for_the_web_server_in_front_says_the_same_and_needs_nothing_of_ours():
    page = Path(settings.BASE_DIR, "static", "503.html").read_text(encoding="utf-8")
    assert AWAY in re.sub(r"<[^>]+>", "", page)
    assert "{%" not in page
