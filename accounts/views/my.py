from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import next_steps
from accounts.at_a_glance import glance
from accounts.models import Mark
from accounts.overview import latest_pension, overview
from inquiries import looked
from inquiries.door import may_open, on_record
from inquiries.models import Inquiry
from registry.models import Enrolment


@require_safe
@on_record("accounts.my_accounts")
def my_accounts(request, person):
    """The five insurances at a glance: what is not right first, balances with date and agency, or why there is none."""
    today = timezone.localdate()
    lines = overview(person, today)
    seen = glance(lines, today)
    links = next_steps.of_one(request.inquiry)
    is_retired = bool(seen.standing) and seen.standing.status == Enrolment.Status.RETIRED
    context = {
        "person": person,
        "glance": seen,
        "cards": [(line, links[line.insurance]) for line in lines if line.may_have_account],
        "without_account": [line for line in lines if not line.may_have_account],
        "pension": latest_pension(person, today) if is_retired else None,
        "next_steps": next_steps.cards(request.inquiry),
    }
    if request.inquiry.capacity == Inquiry.Capacity.SELF and may_open(request.inquiry, "inquiries.who_looked"):
        context["looks"] = looked.last_by_others(person)
    if may_open(request.inquiry, "accounts.changes"):
        context["check"] = Mark.objects.check_of(person, today)
    return render(request, "accounts/my_accounts.html", context)
