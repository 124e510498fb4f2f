"""Who goes where: every kind of visitor, every address, every method; each request is undone before the next.

An answer comes to one word: `shown`, `403`, `404`, `409`, `405`, `sign in`, or `→ name` of the page it leads to.
"""

from contextlib import contextmanager

from django.db import connection
from django.test import Client
from django.urls import Resolver404, resolve, reverse

from accounts.models import Batch
from contributions.local_rules import TABLES
from inquiries.models import StaffMember
from tests import entrusting, visitors
from tests.cast import (
    AUDITOR,
    CAST,
    CLERK,
    HARBOUR,
    OPERATOR,
    SECURITY_ADMINISTRATOR,
    SYSTEM_ADMINISTRATOR,
)

METHODS_OF_NOBODY = ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")


def looking_up(member, staff_no=OPERATOR):
    """An operator with one person's record open."""
    client = visitors.staff(staff_no)
    asked = {"id_type": "citizen", "number": member.number, "purpose": "correction", "reference": "2026-0042"}
    assert client.post(reverse("look_up_person"), asked).status_code == 302
    return client


def into_the_books(staff_no=OPERATOR):
    """An operator with the entries of batches open."""
    client = visitors.staff(staff_no)
    assert client.post(reverse("look_into_books"), {"purpose": "audit", "reference": "2026-0042"}).status_code == 302
    return client


def serving_a_proxy():
    entrusting.make_second_clerk()
    return entrusting.clerk_serving_proxy(CAST.wang, CAST.chen)


def serving_a_unit():
    client = visitors.staff(CLERK)
    entrusting.come_for_unit(client, HARBOUR)
    return client


def in_a_call():
    entrusting.make_desk()
    return entrusting.desk(CAST.wang, entrusting.caller(CAST.wang)[1])


def at_the_desk():
    entrusting.make_desk()
    return visitors.staff(entrusting.DESK)


# The columns of docs/permissions.md.
VISITORS = {
    "nobody": Client,
    "person": lambda: visitors.person(CAST.wang),
    "person at a kiosk": lambda: entrusting.at_kiosk(entrusting.kiosk(OPERATOR), CAST.wang),
    "proxy": lambda: entrusting.proxy_of(CAST.wang, CAST.chen, scopes=["payments"])[0],
    "agent": lambda: visitors.agent(CAST.agent),
    "clerk": lambda: visitors.staff(CLERK),
    "clerk, person": lambda: visitors.clerk_serving(CAST.wang),
    "clerk, proxy": serving_a_proxy,
    "clerk, unit": serving_a_unit,
    "12333": at_the_desk,
    "12333, call": in_a_call,
    "operator": lambda: visitors.staff(OPERATOR),
    "operator, person": lambda: looking_up(CAST.wang),
    "operator, batches": into_the_books,
    "auditor": lambda: visitors.staff(AUDITOR),
    "system": lambda: visitors.staff(SYSTEM_ADMINISTRATOR),
    "security": lambda: visitors.staff(SECURITY_ADMINISTRATOR),
}


def address_of(name):
    """An address that exists for this name."""
    return reverse(name, kwargs=EXAMPLES[name]() if name in EXAMPLES else None)


EXAMPLES = {
    "sign_in": lambda: {"kind": "person"},
    "insurance": lambda: {"insurance": "pension"},
    "propose_rule": lambda: {"table": next(iter(TABLES))},
    "add_draft_rule": lambda: {"table": next(iter(TABLES))},
    "batch": lambda: {"batch": Batch.objects.order_by("pk").first().pk},
    "batch_entries": lambda: {"batch": Batch.objects.order_by("pk").first().pk},
    "staff_account": lambda: {"number": StaffMember.objects.get(staff_no=CLERK).pk},
}


@contextmanager
def undone(client):
    """What the request writes is rolled back, and the visitor's cookies are as they were."""
    cookies = client.cookies.output()
    kept = {name: morsel.copy() for name, morsel in client.cookies.items()}
    with connection.cursor() as cursor:
        cursor.execute("SAVEPOINT walk")
        yield
        cursor.execute("ROLLBACK TO SAVEPOINT walk")
    if client.cookies.output() != cookies:
        client.cookies.clear()
        client.cookies.update(kept)


def outcome(client, method, name):
    """The word for what this visitor gets here by this method, with nothing filled in."""
    with undone(client):
        answer = client.generic(method, address_of(name))
    if answer.status_code == 200:
        return "shown"
    if answer.status_code in {301, 302, 303}:
        return _leads_to(answer.headers["Location"])
    return str(answer.status_code)


def _leads_to(location):
    path = location.split("?")[0]
    try:
        name = resolve(path).url_name
    except Resolver404:
        return f"→ {path}"
    return "sign in" if name in {"home", "sign_in"} else f"→ {name}"
