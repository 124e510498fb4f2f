from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import history
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


@require_safe
@on_record("accounts.insurance")
def insurance(request, person, insurance):
    """One insurance: paid in by whom, where it went, benefits out, and the entries of the personal account."""
    context = {
        "insurance": insurance,
        "statement": history.statement(person, insurance),
        "accounts": history.accounts_with_entries(person, insurance),
    }
    return render(request, "accounts/insurance.html", context)
