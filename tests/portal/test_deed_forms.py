"""Every form of a deed about a record carries the token of the inquiry it was shown in; without it nothing is done."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import NoReverseMatch, URLPattern, get_resolver, reverse

from accounts.models import Correction
from inquiries.models import ActivationCode, Inquiry, Visit
from tests import visitors
from tests.cast import AUDITOR, CAST, OPERATOR
from tests.entrusting import caller, desk, make_desk
from tests.looking import into_books

TEMPLATES = Path(settings.BASE_DIR) / "templates"
FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.S)
ACTION = re.compile(r"""action="{%\s*url\s+(['"]?)([\w:]+)\1""")
TOKEN = re.compile(r"""<input type="hidden" name="inquiry" value="{{ (?:request\.)?inquiry\.token }}">""")

# Forms that are sent by POST and are no deed about a record that stands open.
ABOUT_NO_OPEN_RECORD = {
    "set_text_size": "how pages look",
    "set_language": "how pages look",
    "sign_out": "ends the session, whatever is open",
    "sign_in": "nobody is signed in yet",
    "activate": "nobody is signed in yet",
    "choose_employer": "opens an inquiry; the employer is named in the form",
    "start_visit": "opens an inquiry; the person is named in the form",
    "end_visit_left_open": "a visit whose inquiry is gone; one at most is open per clerk",
    "look_up_person": "opens an inquiry; the person is named in the form",
    "look_into_books": "opens an inquiry",
    "choose_record": "opens an inquiry; the mandate is named in the form",
    "take_call": "opens an inquiry; the person is named in the form",
    "confirm_papers": "a colleague's visit; its mandate is named in the form",
    "refuse_papers": "a colleague's visit; its mandate is named in the form",
    "release_quota": "a clerk's day",
    "register_terminal": "a machine",
    "end_terminal": "a machine",
    "look_at_correction": "opens an inquiry; the request is named in the address",
    "add_draft_rule": "a local rule",
    "deed": "a local rule: the action is a variable of _rule_deed.html",
    "ask_for_staff": "an account of staff",
    "ask_about_staff": "an account of staff: the action is a variable of _asked_form.html",
    "approve_staff_request": "an account of staff",
    "refuse_staff_request": "an account of staff",
    "issue_staff_code": "an account of staff",
    # One's own sign-in, sessions and inbox: nobody else's can be named, whatever record is open.
    "second_step": "nobody is signed in yet",
    "send_text_code": "nobody is signed in yet",
    "prove_passkey": "nobody is signed in yet; at set-up one's own passkey",
    "step_up": "one's own proof; the same form unlocks a session",
    "change_password": "one's own password",
    "print_own_codes": "one's own second factor",
    "remove_factor": "one's own second factor",
    "set_up_app": "one's own second factor",
    "set_up_phone": "one's own second factor",
    "confirm_phone": "one's own second factor",
    "stop_phone_change": "one's own second factor",
    "continue_session": "one's own session",
    "end_session": "one's own session",
    "end_other_sessions": "one's own session",
    "freeze_account": "one's own account",
    "mark_read": "one's own inbox",
    "mark_all_read": "one's own inbox",
}
# Pages whose form is sent to the page itself or to an address in a variable.
OWN_PAGE = {"activate.html": "activate", "start_visit.html": "start_visit", "sign_in.html": "sign_in"}
OWN_PAGE |= {"_header.html": "sign_out", "_asked_form.html": "ask_about_staff", "_prove.html": "step_up"}
OWN_PAGE |= {f"{name}.html": name for name in ("change_password", "confirm_phone", "second_step")}
OWN_PAGE |= {"_passkey.html": "prove_passkey", "set_up_app.html": "set_up_app", "set_up_phone.html": "set_up_phone"}


def views(resolver=None):
    """{name: view} of every address with a name."""
    found = {}
    for entry in (resolver or get_resolver()).url_patterns:
        found |= {entry.name: entry.callback} if isinstance(entry, URLPattern) else views(entry)
    return found


def forms():
    """(template, name of the address it is sent to, what stands in it) of every form sent by POST."""
    for path in sorted(TEMPLATES.rglob("*.html")):
        for attributes, content in FORM.findall(path.read_text(encoding="utf-8")):
            if 'method="post"' in attributes:
                action = ACTION.search(attributes)
                yield path.name, action[2] if action else OWN_PAGE.get(path.name), content
                for _quote, name in ACTION.findall(content):  # a button with a place of its own to send the form to
                    yield path.name, name, content


DEEDS = sorted(name for name, view in views().items() if getattr(view, "asks_token", False))


def test_every_form_carries_the_token_or_is_about_no_open_record():
    seen = set()
    for template, name, content in forms():
        assert name, f"{template}: say in OWN_PAGE where this form is sent"
        is_deed = name in DEEDS
        assert is_deed != (name in ABOUT_NO_OPEN_RECORD), f"{template}: {name}"
        assert bool(TOKEN.search(content)) == is_deed, f"{template}: {name}"
        assert "{% csrf_token %}" in content, f"{template}: {name}"
        seen.add(name)
    assert set(DEEDS) <= seen
    assert set(ABOUT_NO_OPEN_RECORD) <= seen


def test_the_deeds_about_a_record_are_known():
    assert {"confirm_identity", "close_visit", "issue_code", "end_look_up"} <= set(DEEDS)
    assert {"ask_for_correction", "approve_correction", "refuse_correction"} <= set(DEEDS)


def operator_looking():
    client = visitors.staff(OPERATOR)
    form = {"id_type": "citizen", "number": CAST.wang.number, "purpose": "correction", "reference": "2026-0042"}
    client.post(reverse("look_up_person"), form)
    return client


def desk_speaking():
    make_desk()
    return desk(CAST.wang, caller(CAST.wang)[1])


# Who may do the deeds of a module, or one deed; all others are a clerk's.
BEGINNINGS = {
    "accounts.views.corrections": operator_looking,
    "accounts.views.changes": lambda: visitors.person(CAST.wang),
    "end_look_up": operator_looking,
    "documents.takeout_views": lambda: visitors.person(CAST.wang),
    "inquiries.views.proxies": lambda: visitors.person(CAST.wang),
    "inquiries.views.phone": lambda: visitors.person(CAST.wang),
    "hang_up": desk_speaking,
    "inquiries.views.looks": lambda: visitors.person(CAST.wang),
    "inquiries.views.questions": lambda: into_books(OPERATOR, "look_questions"),
    "inquiries.views.audit": lambda: into_books(AUDITOR, "audit_looks"),
}


def address_of(name):
    try:
        return reverse(name)
    except NoReverseMatch:
        return reverse(name, kwargs={"correction": 1})


@pytest.mark.django_db
@pytest.mark.parametrize("name", DEEDS)
def test_a_deed_without_the_token_of_the_open_inquiry_is_not_done(name):
    client = BEGINNINGS.get(name, BEGINNINGS.get(views()[name].__module__, lambda: visitors.clerk_serving(CAST.wang)))()
    (opened,) = Inquiry.objects.filter(token=visitors.inquiry_token(client), closed_at=None)
    before = (ActivationCode.objects.count(), Correction.objects.count(), Visit.objects.filter(closed_at=None).count())
    another = Inquiry.objects.exclude(pk=opened.pk).order_by("-pk").values_list("token", flat=True).first()
    for form in ({}, {"inquiry": ""}, {"inquiry": "1"}, {"inquiry": another or "-"}):
        assert client.post(address_of(name), form).status_code == 409, form
    opened.refresh_from_db()
    assert opened.closed_at is None
    after = (ActivationCode.objects.count(), Correction.objects.count(), Visit.objects.filter(closed_at=None).count())
    assert after == before
