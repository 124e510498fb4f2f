from dataclasses import dataclass, field

from django.core.paginator import Page, Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from inquiries import opening
from inquiries.door import on_list
from inquiries.models import AccessLog
from registry.insurance import Insurance
from registry.months import month_of
from registry.templatetags import words

from .employer_months import by_insurance, last_months
from .forms import PaymentListForm
from .freshness import Freshness, freshness
from .lines import first_and_last_month
from .paper_rows import paper_rows
from .payment_list import PaymentList

PAGE_SIZE = 50
HOME_MONTHS = 6


@dataclass
class Overview:
    """The employer's home: counts and sums alone, so the door is told that nobody is shown."""

    freshness: Freshness
    months: list = field(default_factory=list)
    insurances: list = field(default_factory=list)
    person_ids = ()


def overview(request, employer):
    today = timezone.localdate()
    _first, last = first_and_last_month(employer)
    if last is None:
        return Overview(freshness(employer, Insurance, month_of(today)))
    last = min(last, month_of(today))
    sources = freshness(employer, Insurance, last)
    known_on = sources.judged_on(today)
    months = last_months(employer, last, HOME_MONTHS, known_on)
    return Overview(sources, months, by_insurance(employer, last, known_on))


@require_safe
@on_list("documents.employer_home", overview)
def employer_home(request, employer, listed):
    """Is the month complete? What was assessed, received and is outstanding in the last months."""
    context = {"employer": employer, "listed": listed, "can_choose": len(opening.employers_of(request.user)) > 1}
    return render(request, "documents/employer_home.html", context)


@dataclass
class Listed:
    """What the form asked for: the list, and of its lines those that are shown. Without a list, the form says why."""

    form: PaymentListForm
    payments: PaymentList | None = None
    page: Page | None = None
    freshness: Freshness | None = None

    @property
    def person_ids(self):
        return [line.person_id for line in self.page] if self.page else []


def listing(page_size):
    """The door's question for lists cut into pages of `page_size` lines; None: all lines on one page."""

    def listed(request, employer):
        today = timezone.localdate()
        form = PaymentListForm(request.GET, *first_and_last_month(employer), today)
        if not form.is_valid():
            return Listed(form)
        month, insurance = form.cleaned_data["month"], form.cleaned_data["insurance"]
        sources = freshness(employer, [insurance], month)
        payments = PaymentList(employer, month, insurance, sources.judged_on(today))
        page = Paginator(payments, page_size or max(1, payments.count())).get_page(request.GET.get("page"))
        return Listed(form, payments, page, sources)

    return listed


@require_safe
@on_list("documents.payment_list", listing(PAGE_SIZE))
def payment_list(request, employer, listed):
    """A month's payment list of one insurance, a page at a time."""
    context = {"employer": employer, "listed": listed, "form": listed.form}
    if listed.payments:
        context["query"] = _query(listed.payments)
    return render(request, "documents/payment_list.html", context)


@require_safe
@on_list("documents.payment_list_print", listing(None), kind=AccessLog.Kind.PRINT)
def payment_list_print(request, employer, listed):
    """The whole list on paper; an address that asks for no list leads to the page that says why."""
    if listed.payments is None:
        return redirect(reverse("payment_list", query=request.GET))
    context = {
        "payments": listed.payments,
        "rows": paper_rows(listed.payments, listed.page),
        "facts": _paper_facts(employer, listed, request.user),
        "printed_at": timezone.now(),
        "query": _query(listed.payments),
    }
    return render(request, "documents/payment_list_print.html", context)


def _query(payments):
    return urlencode({"month": f"{payments.month:%Y-%m}", "insurance": payments.insurance.value})


def _paper_facts(employer, listed, agent):
    """What the head of each sheet says beside the title: (name, value) pairs."""
    payments = listed.payments
    facts = [
        (_("Employer"), employer.name),
        (_("Insurance"), "、".join(str(scheme.label) for scheme in payments.schemes) or payments.insurance.label),
        (_("Month covered"), words.month(payments.month)),
        (_("Lines"), payments.count()),
        (_("Printed by"), words.masked_name(agent.name)),
    ]
    for source in listed.freshness.sources:
        facts.append(
            (source.agency.name, _("As of %(as_of)s") % {"as_of": strip_tags(words.month(source.complete_to))})
        )
    return facts
