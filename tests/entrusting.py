"""Mandates, calls, kiosks and visits of others than the person herself, brought about as people do."""

from datetime import timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from inquiries.models import Mandate, RequiredPaper, StaffMember
from registry.models import InsuredPerson
from tests import visitors
from tests.cast import CLERK
from tests.made_staff import make_staff

SECOND_CLERK, DESK = "C1002", "P1001"
EVERYTHING = ("accounts", "payments", "registration")


def make_second_clerk():
    """Another clerk of the same agency as tests.cast.CLERK."""
    return make_staff(SECOND_CLERK, "clerk", agency=_agency(), office="2 号窗口")


def make_desk():
    return make_staff(DESK, "phone", agency=_agency(), office="12333")


def _agency():
    return StaffMember.objects.get(staff_no=CLERK).agency


def person_of(member):
    return InsuredPerson.objects.with_number("citizen", member.number).get()


def day_in(days):
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def answers(proxy, **changes):
    form = {"name": proxy.name, "number": proxy.number, "scopes": EVERYTHING, "purpose": "balance"}
    return form | {"last_day": day_in(6)} | changes


def grant(client, proxy, **changes):
    """The signed-in person confirms a mandate for `proxy`; gives the answer."""
    form = answers(proxy, **changes) | {"inquiry": visitors.inquiry_token(client)}
    return client.post(reverse("confirm_mandate"), form)


def proxy_of(grantor, proxy, **changes):
    """A client of the proxy with the grantor's record open, and the mandate."""
    grant(visitors.person(grantor), proxy, **changes)
    mandate = Mandate.objects.latest("pk")
    client = visitors.person(proxy)
    client.answer = client.post(reverse("choose_record"), {"mandate": mandate.token})
    return client, mandate


def come(client, actor, member, visitor, **changes):
    """Send the form that starts a visit of a proxy or guardian; gives the answer."""
    papers = list(RequiredPaper.objects.filter(actor=actor).values_list("pk", flat=True))
    named = {"visitor_name": visitor.name, "visitor_number": visitor.number}
    return visitors.start_visit(client, member, **({"actor": actor, "papers": papers} | named | changes))


def confirm_papers(client, mandate, deed="confirm_papers"):
    return client.post(reverse(deed), {"mandate": mandate.token})


def match(client):
    form = {"result": "matched", "inquiry": visitors.inquiry_token(client)}
    return client.post(reverse("confirm_identity"), form)


def clerk_serving_proxy(member, visitor, actor="proxy", **changes):
    """A clerk with the record open that a proxy asks for, papers confirmed by SECOND_CLERK and identity matched."""
    client = visitors.staff(CLERK)
    come(client, actor, member, visitor, **changes)
    confirm_papers(visitors.staff(SECOND_CLERK), Mandate.objects.latest("pk"))
    match(client)
    return client


def come_for_unit(client, code, **changes):
    papers = list(RequiredPaper.objects.filter(actor="unit").values_list("pk", flat=True))
    form = {"actor": "unit", "papers": papers, "number": code, "again": code}
    named = {"visitor_name": "韦来访", "letter_no": "函2026-7", "queue_no": "B1"}
    return client.post(reverse("start_visit"), form | named | changes)


def caller(member):
    """A signed-in person who has made a code; gives the client and the code."""
    client = visitors.person(member)
    page = client.post(reverse("make_phone_code"), {"inquiry": visitors.inquiry_token(client)})
    return client, page.context["code"]


def desk(member, code):
    """The 12333 desk after it has entered number and code."""
    client = visitors.staff(DESK)
    form = {"id_type": "citizen", "number": member.number, "code": code}
    client.answer = client.post(reverse("take_call"), form)
    return client


def kiosk(operator, name="K1"):
    """A new machine that an operator has made a kiosk; nobody is signed in there."""
    client = visitors.sign_in("staff", operator, client=Client())
    client.post(reverse("register_terminal"), {"name": name, "office": "1 号窗口"})
    return client


def at_kiosk(client, member):
    """The member signs in on that machine; `client.answer` is the portal's answer."""
    client.get(reverse("kiosk"))
    return visitors.sign_in("person", member.number, client=client)
