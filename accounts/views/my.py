from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.overview import overview
from inquiries import looked
from inquiries.door import may_open, on_record
from inquiries.models import Inquiry


@require_safe
@on_record("accounts.my_accounts")
def my_accounts(request, person):
    """The five insurances at a glance: balance with date and agency, or in words why there is none."""
    context = {"person": person, "lines": overview(person, timezone.localdate())}
    if request.inquiry.capacity == Inquiry.Capacity.SELF and may_open(request.inquiry, "inquiries.who_looked"):
        context["looks"] = looked.last_by_others(person)
    return render(request, "accounts/my_accounts.html", context)
