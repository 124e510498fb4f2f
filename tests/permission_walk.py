"""Who goes where: every kind of visitor, every address, every method; each request is undone before the next.

An answer comes to one word: `shown`, `403`, `404`, `409`, `405`, `sign in`, or `→ name` of the page it leads to.
"""

from contextlib import contextmanager
from datetime import date
from decimal import Decimal

from django.db import connection
from django.test import Client
from django.urls import Resolver404, resolve, reverse

from accounts import corrections
from accounts.models import Account, Batch, Correction
from contributions.local_rules import TABLES
from inquiries import staffing
from inquiries.models import StaffMember, StaffRequest
from registry.models import EmploymentSpell
from tests import entrusting, visitors
from tests.cast import (
    AUDITOR,
    BASE,
    CAST,
    CLERK,
    HARBOUR,
    LAST,
    OPERATOR,
    SECOND_OPERATOR,
    SECURITY_ADMINISTRATOR,
    SYSTEM_ADMINISTRATOR,
)
from tests.looking import into_books

METHODS_OF_NOBODY = ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")


def looking_up(member, staff_no=OPERATOR):
    """An operator with one person's record open."""
    client = visitors.staff(staff_no)
    asked = {"id_type": "citizen", "number": member.number, "purpose": "correction", "reference": "2026-0042"}
    assert client.post(reverse("look_up_person"), asked).status_code == 302
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


# Named as in docs/permissions.md.
VISITORS = {
    "nobody": Client,
    "person": lambda: visitors.person(CAST.wang),
    "kiosk": lambda: entrusting.at_kiosk(entrusting.kiosk(OPERATOR), CAST.wang),
    "proxy": lambda: entrusting.proxy_of(CAST.wang, CAST.chen, scopes=["payments"])[0],
    "agent": lambda: visitors.agent(CAST.agent),
    "clerk": lambda: visitors.staff(CLERK),
    "clerk+person": lambda: visitors.clerk_serving(CAST.wang),
    "clerk+proxy": serving_a_proxy,
    "clerk+unit": serving_a_unit,
    "desk": at_the_desk,
    "desk+call": in_a_call,
    "operator": lambda: visitors.staff(OPERATOR),
    "operator+person": lambda: looking_up(CAST.wang),
    "operator+books": lambda: into_books(OPERATOR, "look_questions"),
    "auditor": lambda: visitors.staff(AUDITOR),
    "auditor+books": lambda: into_books(AUDITOR, "audit_looks"),
    "system": lambda: visitors.staff(SYSTEM_ADMINISTRATOR),
    "security": lambda: visitors.staff(SECURITY_ADMINISTRATOR),
}


def address_of(name):
    """An address that exists for this name."""
    return reverse(name, kwargs=EXAMPLES[name]() if name in EXAMPLES else None)


def _pk_of_first(model, name):
    return lambda: {name: model.objects.order_by("pk").first().pk}


def _rule():
    return {"table": next(iter(TABLES))}


OF_INSURANCES = ("insurance", "account_entries", "balance_sources", "account_interest")
OF_STAFF = ("staff_account", "ask_staff_change", "ask_staff_end", "ask_staff_enable", "ask_staff_code", "disable_staff")
OF_STAFF_REQUESTS = ("staff_request", "approve_staff_request", "refuse_staff_request", "issue_staff_code")
OF_CORRECTIONS = ("correction", "look_at_correction", "approve_correction", "refuse_correction")
EXAMPLES = {
    "sign_in": lambda: {"kind": "person"},
    "help_on": lambda: {"question": "zero"},
    "law_article": lambda: {"law": "sil", "article": 14},
    **dict.fromkeys(("statement", "statement_print"), lambda: {"year": LAST.year}),
    **dict.fromkeys(OF_INSURANCES, lambda: {"insurance": "pension"}),
    "propose_rule": _rule,
    "add_draft_rule": _rule,
    **dict.fromkeys(("batch", "batch_entries"), _pk_of_first(Batch, "batch")),
    **dict.fromkeys(OF_STAFF, lambda: {"number": StaffMember.objects.get(staff_no=CLERK).pk}),
    **dict.fromkeys(OF_STAFF_REQUESTS, _pk_of_first(StaffRequest, "number")),
    **dict.fromkeys(OF_CORRECTIONS, _pk_of_first(Correction, "correction")),
}


def make_what_addresses_name():
    """A request about an account of staff, and one for a correction of Wang's record, both waiting."""
    system = StaffMember.objects.get(staff_no=SYSTEM_ADMINISTRATOR).user
    clerk = StaffMember.objects.get(staff_no=CLERK)
    staffing.ask_for_end(system, clerk, reason="Moves away", until=date(2100, 1, 1))
    person = entrusting.person_of(CAST.wang)
    by = StaffMember.objects.get(staff_no=SECOND_OPERATOR).user
    rights = [corrections.RightEntry("manual", date(2026, 1, 1), Decimal("1.00"))]
    account = Account.objects.get(person=person, scheme="pension")
    corrections.ask(account, [], rights, by=by, reason="Paid twice", document_ref="2026-0042")


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


def fields_of(member):
    """{field: how it is written on a page} of what is known of a member of the cast; each stands in no other record."""
    person = entrusting.person_of(member)
    balance = Account.objects.get(person=person, scheme="pension").balance
    employer = EmploymentSpell.objects.filter(person=person).first().employer.name
    return {
        "name": member.name,
        "masked name": f"{member.name[0]}*{member.name[-1]}",
        "identity number": member.number,
        "masked identity number": f"{member.number[:6]}********{member.number[-4:]}",
        "balance": f"{balance:,.2f}",
        "contribution base": f"{BASE:,.2f}",
        "employer": employer,
    }


def fields_shown(client, member, names):
    """The fields of `member` that stand on some page of these addresses as this visitor gets them."""
    texts = []
    for name in names:
        with undone(client):
            answer = client.get(address_of(name))
            texts.append(answer.getvalue().decode() if answer.streaming else answer.text)
    return {field for field, written in fields_of(member).items() if any(written in text for text in texts)}
