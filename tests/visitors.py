"""Signed-in visitors: each signs in with number, password and, where they have one, the second factor."""

import re

from django.test import Client, RequestFactory
from django.urls import reverse

from inquiries import sessions
from inquiries.models import RequiredPaper, User

from . import sheets
from .cast import CLERK, PASSWORD


def sign_in(kind, login, password=PASSWORD, client=None):
    """A client after everything a sign-in asks for was sent; `client.answer` is the portal's last answer."""
    client = prove_password(kind, login, password, client)
    if client.answer.headers.get("Location") == reverse("second_step"):
        client.answer = send_code(client, sheets.next_code(client.session["proving"]["user"]))
    return client


def prove_password(kind, login, password=PASSWORD, client=None):
    """A client after the sign-in form of one door was sent, and nothing else; `client.answer` is the answer."""
    client = client or Client()
    form = {"login": login, "password": password, "public": "no"}
    client.answer = client.post(reverse("sign_in", args=[kind]), form)
    return client


def let_in(client, user):
    """Sign a user in who has no password to type."""
    client.force_login(user)
    request = RequestFactory().get("/")
    request.session = client.session
    sessions.begin(request, user, is_public=False)
    request.session.save()
    return client


def send_code(client, code):
    """The answer to a code at the second step."""
    return client.post(reverse("second_step"), {"code": code})


def person(member):
    return sign_in(User.Kind.PERSON, member.number)


def agent(member):
    """An employer's agent, with the inquiry about the one employer open."""
    client = sign_in(User.Kind.AGENT, member.number)
    client.get(reverse("choose_employer"))
    return client


def staff(staff_no=CLERK):
    return sign_in(User.Kind.STAFF, staff_no)


def start_visit(client, member, **changes):
    """Send the form that starts a visit of this member; gives the answer."""
    papers = RequiredPaper.objects.filter(actor="self").values_list("pk", flat=True)
    form = {
        "purpose": "balance",
        "papers": list(papers),
        "id_type": "citizen",
        "number": member.number,
        "again": member.number,
        "queue_no": "A017",
    }
    return client.post(reverse("start_visit"), form | changes)


def words(answer):
    """What a reader sees of an answer: its text without markup, blanks folded."""
    return " ".join(re.sub(r"<[^>]+>", "", answer.text).split())


def inquiry_token(client):
    return client.session.get("inquiry", "")


def clerk_serving(member, staff_no=CLERK):
    """A clerk who has compared the visitor with the record and may look it up."""
    client = staff(staff_no)
    start_visit(client, member)
    client.get(reverse("check_identity"))
    client.post(reverse("confirm_identity"), {"result": "matched", "inquiry": inquiry_token(client)})
    return client
