import re
from urllib.parse import urlencode

import pytest
from django.conf import settings as portal_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.urls import reverse

from portal.edges import HEADERS, EdgesMiddleware
from portal.log_lines import request_number


@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND"])
def test_methods_that_no_page_has_are_refused(client, method):
    answer = client.generic(method, "/healthz")
    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD, POST"


@pytest.mark.parametrize("address", ["/", "/healthz", "/no-such-page/", "/static/no-such-file.css"])
def test_no_answer_is_kept_by_a_cache(db, client, address):
    answer = client.get(address)
    assert "no-store" in answer["Cache-Control"]
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_static_file_may_be_kept(client):
    some_sheet = next((portal_settings.BASE_DIR / "static" / "css").glob("*.css")).name
    answer = client.get(f"/static/css/{some_sheet}")
    assert answer.status_code == 200
    assert "no-store" not in answer["Cache-Control"]


def test_a_page_that_sets_its_own_rule_keeps_it(rf):
    page = HttpResponse(headers={"Cache-Control": "private, no-store"})
    answer = EdgesMiddleware(lambda request: page)(rf.get("/"))
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("GET", "/", 200),
        ("GET", "/healthz", 200),
        ("GET", "/no-such-page/", 404),
        ("GET", "/admin/", 302),
        ("POST", "/halls/", 405),
        ("PUT", "/", 405),
        ("POST", "/text-size/", 302),
    ],
)
def test_every_answer_carries_the_headers_a_charset_and_a_number(db, client, method, address, status):
    answer = client.generic(method, address)
    assert answer.status_code == status
    for name in HEADERS:
        assert answer.headers[name]
    assert "charset=utf-8" in answer.headers["Content-Type"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    for directive in ("report-uri /csp-report", "report-to csp"):
        assert directive in answer.headers["Content-Security-Policy"].split("; ")
    assert re.fullmatch(r"[0-9A-F]{12}", answer.headers["X-Request-ID"])


def test_a_static_file_carries_them_too(client):
    answer = client.get("/static/css/portal.css")
    assert answer.headers["Content-Type"] == 'text/css; charset="utf-8"'
    for name in ("Cross-Origin-Resource-Policy", "X-Content-Type-Options", "Content-Security-Policy"):
        assert answer.headers[name]


def test_a_host_that_is_not_ours_gets_them_too(client):
    answer = client.get("/", headers={"Host": "elsewhere.example"})
    assert answer.status_code == 400
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Location" not in answer.headers


def test_no_other_site_may_read_an_answer(client):
    answer = client.get("/", headers={"Origin": "https://elsewhere.example"})
    assert not [name for name in answer.headers if name.lower().startswith("access-control-")]


def test_each_request_has_a_number_of_ours_whatever_the_visitor_says(client):
    answers = [client.get("/healthz", headers={"X-Request-ID": "forged\r\nSet-Cookie: a=b"}) for _ in range(2)]
    numbers = {answer.headers["X-Request-ID"] for answer in answers}
    assert len(numbers) == 2
    assert not any("forged" in number for number in numbers)


@pytest.mark.parametrize("body", [{"size": "x" * 300_000}, {f"f{n}": "" for n in range(1001)}])
def test_a_form_larger_than_any_of_ours_is_refused(client, body):
    answer = client.post("/text-size/", urlencode(body), content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 400


def test_no_page_takes_a_file(client):
    answer = client.post("/text-size/", {"size": SimpleUploadedFile("a.txt", b"x")})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "target",
    [
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "/\\elsewhere.example",
        "http:///elsewhere.example",
        "\t//x",
    ],
)
@pytest.mark.parametrize(
    ("name", "fields"), [("set_language", {"language": "en"}), ("set_text_size", {"size": "large"})]
)
def test_no_switch_leads_to_another_site(client, name, fields, target):
    assert client.post(reverse(name), fields | {"next": target}).headers["Location"] == "/"


def test_messages_of_a_page_stand_in_no_cookie():
    assert portal_settings.MESSAGE_STORAGE.endswith("SessionStorage")


def test_the_middleware_gives_and_takes_the_number(rf):
    seen = []
    EdgesMiddleware(lambda request: seen.append(request_number.get()) or HttpResponse())(rf.get("/"))
    assert re.fullmatch(r"[0-9A-F]{12}", seen[0])
    assert request_number.get() == ""
