import logging

import pytest
from django.conf import settings as portal_settings
from django.http import HttpResponse

from portal.edges import EdgesMiddleware, NoIdentityNumbers, mask_identity_numbers


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
    ("text", "masked"),
    [
        ("no such person 990101199003070012", "no such person 990101********0012"),
        ("('99010119900307001X',)", "('990101********001X',)"),
        ("99010119900307001x", "990101********001x"),
        ("old 990101900307001!", "old 990101********7001!"),
        ("1234567890123456789", "1234567890123456789"),
        ("slip 20261100123", "slip 20261100123"),
        ("", ""),
    ],
)
def test_identity_numbers_are_masked(text, masked):
    assert mask_identity_numbers(text) == masked


def test_the_log_masks_messages_arguments_and_tracebacks():
    line = portal_settings.LOGGING["formatters"]["line"]
    assert line["()"] == "portal.edges.NoIdentityNumbers"
    formatter = NoIdentityNumbers(line["format"], style=line["style"])
    try:
        raise ValueError("990101199003070012")
    except ValueError as error:
        record = logging.makeLogRecord(
            {"msg": "refused %s", "args": ("990101199003070012",), "exc_info": (ValueError, error, error.__traceback__)}
        )
    written = formatter.format(record)
    assert "199003070012" not in written
    assert written.count("990101********0012") == 3
    assert "ValueError" in written
