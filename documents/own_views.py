"""What a person takes with her on paper: yearly statements, and her own payment list."""

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from inquiries.door import on_record
from inquiries.models import AccessLog, Inquiry
from registry.answering import nothing_of
from registry.templatetags import words

from .own_forms import OwnListForm
from .own_list import first_and_last_month, insurances_of, own_list
from .statement_items import items
from .yearly_record import end_of, seal_of, seal_text, serial, yearly_records

# More lines than these make a page that a telephone is slow to show.
MOST_ON_SCREEN = 60


@require_safe
@on_record("documents.statements")
def statements(request, person):
    """The yearly personal-rights records of all years, newest first, and in words why a year has none."""
    today = timezone.localdate()
    records = yearly_records(person, today)
    context = {"records": records, "this_year": today.year}
    if records.first is None:
        context["judged"] = nothing_of(person, "contributions", today)
    return render(request, "documents/own/statements.html", context)


@require_safe
@on_record("documents.statement")
def statement(request, person, year):
    """One year's record as a page; the page is the original, a print is its picture."""
    return render(request, "documents/own/statement.html", _record_of_year(person, year))


@require_safe
@on_record("documents.statement_print", kind=AccessLog.Kind.PRINT)
def statement_print(request, person, year):
    """The same record on A4; where nothing was stated for the year, the page that says why."""
    context = _record_of_year(person, year)
    if not context["record"].stated:
        return redirect("statement", year=year)
    context |= {"facts": _facts(request, person, context), "printed_at": timezone.now()}
    return render(request, "documents/own/statement_print.html", context)


def _record_of_year(person, year):
    today = timezone.localdate()
    records = yearly_records(person, today)
    record = records.of(year)
    return {
        "year": year,
        "this_year": today.year,
        "records": records,
        "record": record,
        "accounts": [(stated, items(stated.statement)) for stated in record.stated],
        "serial": serial(record),
        "seal": seal_text(seal_of(record)),
        "as_of": end_of(year),
    }


def _whose(request, person):
    """The name whole on one's own paper, masked on everybody else's."""
    is_own = request.inquiry.capacity == Inquiry.Capacity.SELF
    return person.name if is_own else words.masked_name(person.name)


def _facts(request, person, context):
    """What the head of each sheet says beside the title: (name, value) pairs."""
    number = person.identifiers.get(is_main=True).number
    return [
        (_("Name"), _whose(request, person)),
        (_("Identity number"), words.masked_id(number)),
        (_("Year"), context["year"]),
        (_("Issued on"), words.day(context["record"].issued_on)),
        (_("Serial"), context["serial"]),
    ]


@require_safe
@on_record("documents.my_list")
def my_list(request, person):
    """One's own payment list: choose the period and the insurance, look, print."""
    form, listed = _listed(request, person)
    context = {"form": form, "listed": listed, "most_on_screen": MOST_ON_SCREEN}
    if listed:
        context["query"] = _query(form)
    return render(request, "documents/own/my_list.html", context)


@require_safe
@on_record("documents.my_list_print", kind=AccessLog.Kind.PRINT)
def my_list_print(request, person):
    """The list on A4, free of charge; a period that cannot be read leads to the page that says why."""
    form, listed = _listed(request, person)
    if listed is None:
        return redirect(reverse("my_list", query=request.GET))
    number = person.identifiers.get(is_main=True).number
    facts = [
        (_("Name"), _whose(request, person)),
        (_("Identity number"), words.masked_id(number)),
        (_("Months covered"), _period(listed)),
        (_("Lines"), listed.lines),
        *((source.agency.name, _as_of(source)) for source in listed.sources),
    ]
    context = {"listed": listed, "facts": facts, "printed_at": timezone.now(), "query": _query(form)}
    return render(request, "documents/own/my_list_print.html", context)


def _period(listed):
    return _("%(first)s to %(last)s") % {
        "first": strip_tags(words.month(listed.first)),
        "last": strip_tags(words.month(listed.last)),
    }


def _as_of(source):
    return _("As of %(as_of)s") % {"as_of": strip_tags(words.month(source.complete_to))}


def _listed(request, person):
    """The form, and the OwnList that it asks for; None where something in it cannot be read."""
    today = timezone.localdate()
    form = OwnListForm(request.GET, *first_and_last_month(person), today)
    if not form.is_valid():
        return form, None
    asked = form.cleaned_data
    return form, own_list(person, asked["since"], asked["until"], insurances_of(asked["insurance"]), today)


def _query(form):
    asked = form.cleaned_data
    return urlencode(
        {"since": f"{asked['since']:%Y-%m}", "until": f"{asked['until']:%Y-%m}", "insurance": asked["insurance"]}
    )
