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
    is_retired = bool(seen.standing) and seen.standing.status == Enrolment.Status.RETIRED
    context = {
        "person": person,
        "lines": lines,
        "glance": seen,
        "pension": latest_pension(person, today) if is_retired else None,
        "is_retired": is_retired,
        "of_one": next_steps.of_one(request.inquiry),
        "blocks": next_steps.blocks(request.inquiry),
    }
    if request.inquiry.capacity == Inquiry.Capacity.SELF and may_open(request.inquiry, "inquiries.who_looked"):
        context["looks"] = looked.last_by_others(person)
    if may_open(request.inquiry, "accounts.changes"):
        context["check"] = Mark.objects.check_of(person, today)
    return render(request, "accounts/my_accounts.html", context)
