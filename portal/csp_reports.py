"""What browsers report when a page tried to load something that the Content-Security-Policy forbids.

Anybody can send such a report, so it is read with suspicion: known words only, few lines a minute, nothing about
anybody. A true one says that a page of ours is broken or that somebody got a script in.
"""

import json
import logging
import re
import threading
import time
from urllib.parse import urlsplit

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponse
from django.urls import Resolver404, resolve
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

logger = logging.getLogger(__name__)

LINES_PER_MINUTE = 20
LARGEST_BYTES = 10_000
MOST_REPORTS = 5
WORD = re.compile(r"[a-z-]{1,40}", re.ASCII)
HOST = re.compile(r"[a-z0-9.:-]{1,100}", re.ASCII)


class Budget:
    """So many in each minute, counted over all threads of a process."""

    def __init__(self, per_minute):
        self.per_minute, self._minute, self._spent = per_minute, None, 0
        self._lock = threading.Lock()

    def spend(self, now):
        """Whether one more is within the minute of `now` (seconds on a clock that never goes back)."""
        with self._lock:
            if self._minute != now // 60:
                self._minute, self._spent = now // 60, 0
            self._spent += 1
            return self._spent <= self.per_minute


budget = Budget(LINES_PER_MINUTE)


@csrf_exempt
@login_not_required
@require_POST
def report(request):
    """Take a report in either of the two forms that browsers send; the answer is the same whatever it was."""
    for directive, blocked, page in _read(request):
        if budget.spend(time.monotonic()):
            logger.warning("Content-Security-Policy: %s blocked %s on page %s", directive, blocked, page)
    return HttpResponse(status=204)


def _read(request):
    """(directive, what was blocked, URL name of the page) of each report; nothing of what cannot be understood."""
    try:
        if len(request.body) > LARGEST_BYTES:
            return []
        sent = json.loads(request.body)
    except (ValueError, RecursionError, RequestDataTooBig):
        return []
    reports = sent if isinstance(sent, list) else [sent]
    bodies = [r.get("csp-report") or r.get("body") for r in reports[:MOST_REPORTS] if isinstance(r, dict)]
    return [_known(body) for body in bodies if isinstance(body, dict)]


def _known(body):
    def said(*names):
        return next((body[name] for name in names if isinstance(body.get(name), str)), "")

    directive = said("effective-directive", "effectiveDirective", "violated-directive").split(" ")[0]
    return (
        directive if WORD.fullmatch(directive) else "?",
        _origin(said("blocked-uri", "blockedURL")),
        _page(said("document-uri", "documentURL")),
    )


def _origin(address):
    """Scheme and host of an address, or a word like `inline`; never its path."""
    if WORD.fullmatch(address):
        return address
    try:
        parts = urlsplit(address)
    except ValueError:
        return "?"
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}" if WORD.fullmatch(parts.scheme) and HOST.fullmatch(host) else "?"


def _page(address):
    try:
        return resolve(urlsplit(address).path).url_name or "?"
    except (Resolver404, ValueError):
        return "?"
