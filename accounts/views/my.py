from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import next_steps
from accounts.at_a_glance import glance
from accounts.overview import asked_overview, latest_pension, lines_of
from accounts.own_check import asked_check, check_told
from inquiries.door import may_open, on_record
from inquiries.looked import asked_last_by_others
from inquiries.models import Inquiry
from registry.asking import ask
from registry.models import Enrolment


@require_safe
@on_record("accounts.my_accounts")
def my_accounts(request, person):
    """The five insurances at a glance: what is not right first, balances with date and agency, or why there is none."""
    today, inquiry = timezone.localdate(), request.inquiry
    sees_looks = inquiry.capacity == Inquiry.Capacity.SELF and may_open(inquiry, "inquiries.who_looked")
    of_lines, besides = asked_overview(person, today), {}
    if sees_looks:
        besides["looks"] = asked_last_by_others(person)
    if may_open(inquiry, "accounts.changes"):
        besides["check"] = asked_check(person)
    answers = ask(*of_lines, *besides.values())
    lines = lines_of(answers[: len(of_lines)], today)
    told = dict(zip(besides, answers[len(of_lines) :], strict=True))
    seen = glance(lines, today)
    links = next_steps.of_one(inquiry)
    is_retired = bool(seen.standing) and seen.standing.status == Enrolment.Status.RETIRED
    context = {
        "person": person,
        "glance": seen,
        "cards": [(line, links[line.insurance]) for line in lines if line.may_have_account],
        "without_account": [line for line in lines if not line.may_have_account],
        "pension": latest_pension(person, today) if is_retired else None,
        "next_steps": next_steps.cards(inquiry),
        "looks": told.get("looks"),
        "check": check_told(told["check"], today) if "check" in told else None,
    }
    return render(request, "accounts/my_accounts.html", context)
