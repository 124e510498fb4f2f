"""How the portal writes its log: one line an event, with the number of the request and without identity numbers.

On a terminal a line is text; anywhere else it is one JSON object. Knows nothing of Django, because the web server in
front of it (gunicorn.conf.py) writes the same lines.
"""

import json
import logging
import re
import sys
from contextvars import ContextVar
from datetime import UTC, datetime

request_number = ContextVar("request_number", default="")

# Fifteen and eighteen digits are identity numbers, old and new, wherever they stand, and as the screen groups them.
IDENTITY_NUMBER = re.compile(r"(?<!\d)(\d{6})(?:[ -]?\d{8}[ -]?(\d{3}[\dXx])|\d{5}(\d{4}))(?![\dXx])")
# What could end a line, move a terminal's cursor or turn the direction of writing.
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u2028-\u202e\u2066-\u2069\ufeff]")


def mask_identity_numbers(text):
    """Every identity number as its first six and last four: 110101********1233."""
    return IDENTITY_NUMBER.sub(lambda found: f"{found[1]}********{found[2] or found[3]}", text)


def on_one_line(text):
    """The text with everything that could forge a line, or hide in one, written out as an escape."""
    return CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


class TextLines(logging.Formatter):
    """For a terminal: time, level, logger, number of the request, message; a traceback follows, indented."""

    def format(self, record):
        when = datetime.fromtimestamp(record.created).astimezone().isoformat(sep=" ", timespec="seconds")
        number = _number_for(record)
        message = on_one_line(record.getMessage())
        line = f"{when} {record.levelname} {record.name}{number and f' [{number}]'}: {message}"
        for traced in _traced(self, record).splitlines():
            line += f"\n    {on_one_line(traced)}"
        return mask_identity_numbers(line)


class JsonLines(logging.Formatter):
    """For a collector: one JSON object a line, times in UTC; JSON's own escapes keep a message on its line."""

    def format(self, record):
        event = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if number := _number_for(record):
            event["request"] = number
        traced = _traced(self, record)
        if traced:
            event["traceback"] = traced
        return mask_identity_numbers(json.dumps(event, ensure_ascii=False).translate(_ESCAPED))


# JSON leaves these as they are.
_ESCAPED = {code: f"\\u{code:04x}" for code in range(0x7F, 0x2070) if CONTROL.match(chr(code))} | {0xFEFF: "\\ufeff"}


def _number_for(record):
    """The number of the request under way, or of the one that the event is about: Django logs refusals afterwards."""
    return request_number.get() or getattr(getattr(record, "request", None), "number", "")


def _traced(formatter, record):
    parts = [formatter.formatException(record.exc_info)] if record.exc_info else []
    return "\n".join(parts + ([formatter.formatStack(record.stack_info)] if record.stack_info else []))


def lines(stream=None):
    """The formatter that suits a stream (standard error)."""
    return TextLines() if (stream or sys.stderr).isatty() else JsonLines()
