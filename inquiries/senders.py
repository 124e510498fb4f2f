"""Who sends text messages. A sender is any `sender(phone, text)`, named by CODE_SENDER as a dotted path.

`phone`: digits as bound, e.g. "13800001234". `text`: the whole message, with the code in it. It returns when the
message is on its way and raises NotSent, with no part of the text in the error, when it is not. It never logs the text.
An operator's own gateway is such a function in a module of his; those below are for trying out, and production refuses
to start with them (inquiries/checks.py).
"""

import os
import sys
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string


class NotSent(Exception):
    """The message did not leave; the person is told to choose another way."""


def is_there():
    """Whether anybody sends text messages here."""
    return bool(settings.CODE_SENDER)


def send(phone, text):
    """Send by the sender of the settings; NotSent where there is none or it fails."""
    if not is_there():
        raise NotSent
    import_string(settings.CODE_SENDER)(phone, text)


def to_console(phone, text):
    print(f"[text message to {phone}] {text}", file=sys.stderr, flush=True)  # noqa: T201 - that is its purpose


def to_file(phone, text):
    """Add a line to CODE_FILE, which its owner alone may read."""
    path = Path(settings.CODE_FILE)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8") as file:
            os.fchmod(file.fileno(), 0o600)
            file.write(f"{timezone.localtime():%Y-%m-%d %H:%M:%S} {phone} {text}\n")
    except OSError as error:
        raise NotSent from error


def to_console_and_file(phone, text):
    to_console(phone, text)
    to_file(phone, text)


FOR_TRYING_OUT = {f"{__name__}.{sender.__name__}" for sender in (to_console, to_file, to_console_and_file)}
