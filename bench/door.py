"""What a page asks the database, and what the door costs: one thread, no HTTP, the database's own time included."""

import runpy
import time
from statistics import median

from django.conf import settings
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inquiries import door
from inquiries.door.ways import shown_only
from inquiries.models import AccessLog, User

from .ground import say
from .population import PASSWORD, next_code
from .process import Failed

TURNS, TURNS_OF_PAGES = 100, 25
TRANSACTION = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


def signed_in(kind, login):
    """Django's test client after everything a sign-in asks for was sent."""
    client = Client(headers={"host": "127.0.0.1"})
    form = {"login": login, "password": PASSWORD, "public": "no"}
    client.post(reverse("sign_in", args=[kind]), form, follow=True)
    if code := next_code(login):
        client.post(reverse("second_step"), {"code": code}, follow=True)
    return client


def count_queries(client, page, table):
    """Enter the statements of a page that was shown before, without those that only open and end transactions."""
    client.get(page)
    with CaptureQueriesContext(connection) as seen:
        answer = client.get(page)
    if answer.status_code != 200:
        raise Failed(f"{page} answers {answer.status_code}.")
    asked = [query for query in seen.captured_queries if not query["sql"].startswith(TRANSACTION)]
    table.add("pages", f"{page} asks", "queries", [len(asked)])


def as_served():
    """Set the garbage collector of this process as each worker of the served portal does."""
    runpy.run_path(str(settings.BASE_DIR / "gunicorn.conf.py"))["post_worker_init"](None)


def time_in_turn(client, page, smallest, rounds, table):
    """Enter how a page stands against the smallest one, asked one after the other: steady where the machine is not."""
    ratios = []
    for _round in range(rounds):
        taken = {smallest: [], page: []}
        for _turn in range(TURNS_OF_PAGES):
            for each, times in taken.items():
                start = time.perf_counter()
                client.get(each)
                times.append(time.perf_counter() - start)
        ratios.append(median(taken[smallest]) / median(taken[page]))
    table.add("pages", f"{page} against {smallest}, in turn", "× pages/s", ratios)


@door.on_record("inquiries.me")
def _nothing(request, person):
    """A view with nothing behind its door."""


def time_door(client, rounds, table):
    """Enter what the door takes in all, and its three parts; each value the median of many turns, in turn."""
    say("Timing the door ...")
    request = RequestFactory().get("/me/")
    request.session = client.session
    request.user = User.objects.get(pk=request.session["_auth_user_id"])
    inquiry = door.open_inquiry(request)
    parts = {
        "the door": lambda: _nothing(request),
        "of it: the open inquiry is read": lambda: door.open_inquiry(request),
        "of it: the log row is committed": lambda: door.write_log(
            inquiry, "inquiries.me", AccessLog.Kind.LOOK, "", [inquiry.person_id]
        ),
        "of it: the transaction that only shows": lambda: _show_nothing(inquiry),
    }
    taken = {name: [] for name in parts}
    for _round in range(rounds):
        for name, deed in parts.items():
            taken[name].append(_milliseconds(deed))
    for name, values in taken.items():
        table.add("pages", name, "ms", values)


def _show_nothing(inquiry):
    with shown_only(inquiry):
        pass


def _milliseconds(deed):
    turns = []
    for _turn in range(TURNS):
        start = time.perf_counter()
        deed()
        turns.append(time.perf_counter() - start)
    return median(turns) * 1000
