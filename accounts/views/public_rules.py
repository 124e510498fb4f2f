"""The rules for everybody: what the law sets, with sources, and forms to try them out. No sign-in, no record."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.public_rules import rows_of, shown, tables
from accounts.refusals import CannotTell
from accounts.try_forms import NAMES, TRIALS
from accounts.working import dates_in_words, in_words, percent
from contributions.rules import TABLES

PAGE_SIZE = 40


@require_safe
@login_not_required
def public_rules(request):
    """All rules of one table, those in force today first; drafts are none."""
    table = request.GET.get("table")
    table = table if table in TABLES else next(iter(TABLES))
    page = Paginator(rows_of(table, timezone.localdate()), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "table": table,
        "kind": TABLES[table]._meta.verbose_name_plural,
        "tables": tables(),
        "page": page,
        "rules": shown(page),
        "trials": NAMES.items(),
        "query": f"table={table}&",
    }
    return render(request, "accounts/public_rules.html", context)


@require_safe
@login_not_required
def try_rules(request):
    """One of the trial forms, with its answer and how it comes about, once it is filled in."""
    what = request.GET.get("what")
    what = what if what in TRIALS else next(iter(TRIALS))
    is_asked = any(name in request.GET for name in TRIALS[what].base_fields)
    form = TRIALS[what](request.GET if is_asked else None)
    context = {"what": what, "name": NAMES[what], "trials": NAMES.items(), "form": form}
    if form.is_valid():
        try:
            context["answer"] = form.answer(timezone.localdate())
        except CannotTell as refusal:
            context["refusal"] = in_words(refusal.reason)
        else:
            if what == "retirement":
                context["when"] = dates_in_words(context["answer"]["dates"])
            if what == "late_fee":
                context["terms"] = [(term, percent(term.daily_rate)) for term in context["answer"]["terms"]]
    return render(request, "accounts/try_rules.html", context)
