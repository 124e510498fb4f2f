"""One insurance of a person: what it is and holds, where the balance comes from, its interest, its entries."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import history
from accounts.balance_forms import SourcesForm, YearForm
from accounts.explain import entries_of, lines_of
from accounts.growth import growth
from accounts.insurance_record import insurance_record
from accounts.legal_grounds import ground_of
from accounts.models import Entry
from accounts.own_accounts import own_accounts
from accounts.person_interest import interest_of
from accounts.sources import sources_of
from inquiries.door import may_open, on_record, pages_of
from registry.models import Employer

LINES_A_PAGE = 24
ENTRIES_A_PAGE = 60


@require_safe
@on_record("accounts.insurance")
def insurance(request, person, insurance):
    """One insurance: paid in by whom, where it went, benefits out, what each 100 yuan of base become."""
    record = insurance_record(person, insurance, timezone.localdate())
    # What explains a missing balance leads elsewhere, not to this page.
    elsewhere = pages_of(request.inquiry) - {"accounts.insurance"}
    context = {"insurance": insurance, "record": record, "line": record.line, "elsewhere": elsewhere}
    return render(request, "accounts/insurance.html", context)


@require_safe
@on_record("accounts.entries")
def account_entries(request, person, insurance):
    """The entries of the personal accounts of one insurance, a year at a time, with the balance after each."""
    form = YearForm(request.GET)
    shown = history.year_of_entries(person, insurance, form.asked("year"))
    page = Paginator(shown.entries, ENTRIES_A_PAGE).get_page(form.asked("page"))
    own = own_accounts(person, insurance, timezone.localdate())
    known = {each.account.pk: each for each in own.accounts}
    context = {
        "insurance": insurance,
        "own": own,
        "form": form,
        "shown": shown,
        "accounts": [(account, known[account.pk]) for account in shown.accounts_with(page.object_list)],
        "page": page,
        "query": f"year={shown.year}&",
    }
    return render(request, "accounts/entries.html", context)


@require_safe
@on_record("accounts.sources")
def balance_sources(request, person, insurance):
    """Where the balance comes from: its terms, which add up; or the lines of one term, each with its own source."""
    today = timezone.localdate()
    own = own_accounts(person, insurance, today, YearForm(request.GET).asked("account"))
    account = own.chosen and own.chosen.account
    form = SourcesForm(request.GET, account and account.opened_month.year, today)
    sources = sources_of(account, form.until()) if account else None
    context = {"insurance": insurance, "own": own, "form": form, "sources": sources, "query": form.query()}
    term = sources.sum_of(form.asked("term")) if sources and form.asked("term") else None
    if term:
        return render(request, "accounts/source_lines.html", context | _lines(request, form, account, term))
    context["growth"] = growth(sources.years) if sources else None
    return render(request, "accounts/sources.html", context)


def _lines(request, form, account, term):
    """The lines of one term in one year, by default the latest in which there are any."""
    years = sorted(term.years, reverse=True)
    year = form.asked("year") if form.asked("year") in years else years[0]
    entries = list(entries_of(account, term.kind, year, form.until()))
    page = Paginator(entries, LINES_A_PAGE).get_page(form.asked("page"))
    lines = lines_of(page.object_list)
    # What a base or an employer says of somebody is part of the payment records.
    is_paid = may_open(request.inquiry, "contributions.payment_records")
    employers = {getattr(line.record, "employer_id", None) for line in lines} if is_paid else ()
    names = dict(Employer.objects.filter(pk__in=employers).values_list("pk", "name"))
    for line in lines:
        line.employer = names.get(getattr(line.record, "employer_id", None), "")
    return {
        "term": term,
        "year": year,
        "years": years,
        "amount": term.years[year],
        "page": page,
        "lines": lines,
        "ground": ground_of(term.kind, account.scheme),
        "shows_base": is_paid,
        "query": form.query(term=term.kind.value),
        "back": form.query().rstrip("&"),
        "page_query": form.query(term=term.kind.value, year=year),
    }


@require_safe
@on_record("accounts.interest")
def account_interest(request, person, insurance):
    """What the account earned each year: rates with their source, and the sum with the person's own numbers."""
    today, form = timezone.localdate(), YearForm(request.GET)
    own = own_accounts(person, insurance, today, form.asked("account"))
    earned = interest_of(own.chosen.account, form.asked("year"), today) if own.chosen else None
    context = {"insurance": insurance, "own": own, "form": form, "earned": earned}
    if earned:
        context["ground"] = ground_of(Entry.Kind.INTEREST_OPENING, earned.account.scheme)
    return render(request, "accounts/interest.html", context)
