"""The lines of the log: one an event, numbered, and no identity number in any of them."""

import io
import json
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from urllib.request import urlopen

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from portal.log_lines import JsonLines, TextLines, lines, mask_identity_numbers, request_number

NUMBER = "990101199003070012"
FORGED = "ok\n2026-11-22 INFO forged\r\x1b[2J\u2028{\u202e}\ufeff"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("no such person 990101199003070012", "no such person 990101********0012"),
        ("('99010119900307001X',)", "('990101********001X',)"),
        ("99010119900307001x", "990101********001x"),
        ("990101 19900307 0012", "990101********0012"),
        ("990101-19900307-001X.", "990101********001X."),
        ("old 990101900307001!", "old 990101********7001!"),
        ("1234567890123456789", "1234567890123456789"),
        ("slip 20261100123", "slip 20261100123"),
        ("", ""),
    ],
)
def test_identity_numbers_are_masked(text, masked):
    assert mask_identity_numbers(text) == masked


def a_crash():
    try:
        raise ValueError(NUMBER)
    except ValueError as error:
        return (ValueError, error, error.__traceback__)


@pytest.mark.parametrize("formatter", [TextLines(), JsonLines()])
def test_messages_arguments_and_tracebacks_are_masked(formatter):
    record = logging.makeLogRecord({"msg": "refused %s", "args": (NUMBER,), "exc_info": a_crash()})
    written = formatter.format(record)
    assert "199003070012" not in written
    assert written.count("990101********0012") == 2
    assert "ValueError" in written


def test_a_json_line_is_one_object_with_the_number_of_the_request():
    token = request_number.set("00C0FFEE0000")
    written = JsonLines().format(logging.makeLogRecord({"msg": "said “%s”", "args": ("王",), "levelname": "INFO"}))
    request_number.reset(token)
    event = json.loads(written)
    assert (event["request"], event["message"], event["level"]) == ("00C0FFEE0000", "said “王”", "INFO")
    assert event["time"].endswith("+00:00")


@pytest.mark.parametrize("formatter", [TextLines(), JsonLines()])
def test_no_message_can_forge_a_line(formatter):
    written = formatter.format(logging.makeLogRecord({"msg": "from %s", "args": (FORGED,)}))
    assert written.isprintable()
    assert len(written.splitlines()) == 1


@given(st.text())
def test_whatever_a_visitor_sends_stays_on_one_readable_line(text):
    record = logging.makeLogRecord({"msg": "%s", "args": (text,)})
    assert len(TextLines().format(record).splitlines()) == 1
    line = JsonLines().format(record)
    assert len(line.splitlines()) == 1
    assert json.loads(line)["message"] == mask_identity_numbers(text)


def test_a_terminal_gets_text_and_a_collector_json():
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    assert isinstance(lines(Terminal()), TextLines)
    assert isinstance(lines(io.StringIO()), JsonLines)


def test_every_handler_of_the_portal_writes_such_lines_and_none_sends_mail():
    assert settings.LOGGING["formatters"] == {"line": {"()": "portal.log_lines.lines"}}
    assert {handler["formatter"] for handler in settings.LOGGING["handlers"].values()} == {"line"}
    loggers = [logging.getLogger(name) for name in (None, "django", "django.request", "django.server", "portal")]
    kinds = {type(handler).__name__ for logger in loggers for handler in logger.handlers}
    assert "AdminEmailHandler" not in kinds


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answer_of(address):
    for _ in range(300):
        try:
            with urlopen(address, timeout=10) as answer:  # noqa: S310 - our own server
                return answer
        except OSError:
            time.sleep(0.1)
    pytest.fail("The server did not answer.")


def test_the_access_log_of_the_server_names_no_number_and_no_query():
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "portal.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "1"]
    server = subprocess.Popen(
        [*command, "--no-control-socket", "--access-logfile", "-"],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        answer = answer_of(f"http://127.0.0.1:{port}/static/css/portal.css?{NUMBER}#/{NUMBER}")
        answer_of(f"http://127.0.0.1:{port}/healthz?number={NUMBER}")
    finally:
        server.send_signal(signal.SIGTERM)
        written = server.communicate(timeout=60)[0]
    assert NUMBER not in written
    events = [json.loads(line) for line in written.splitlines()]
    access = [event["message"] for event in events if event["logger"] == "gunicorn.access"]
    assert any('"GET /healthz" 200' in line for line in access)
    assert any(answer.headers["X-Request-ID"] in line for line in access)
