"""Operators' pages about look-ups: questions of the people looked up, and legal orders of secrecy."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from inquiries import asking_why, delays, looked
from inquiries.door import deed_on_books, on_books
from inquiries.look_forms import AnswerForm, DecideDelayForm, DelayForm
from inquiries.models import AccessLog, Inquiry
from inquiries.step_up import fresh

WHY = "why_these_entries"
OPERATOR = (Inquiry.Capacity.OPERATOR,)


def _open_questions(request):
    return asking_why.OpenQuestions(request.user.staff_member.agency_id)


@require_safe
@on_books("inquiries.look_questions", _open_questions, begins_at=WHY)
def look_questions(request, listed):
    """The open questions of the operator's agency; each person shown has a line in her log."""
    for question in listed.questions:
        question.page_name = looked.PAGE_NAMES.get(question.page, question.page)
        question.kind_name = AccessLog.Kind(question.kind).label
        question.may_be_answered = _may_answer(request, question)
    return render(request, "inquiries/look_questions.html", {"questions": listed.questions, "inquiry": request.inquiry})


def _may_answer(request, question):
    is_operator = request.inquiry.capacity == Inquiry.Capacity.OPERATOR
    return is_operator and question.inquiry.user_id != request.user.pk


@deed_on_books("inquiries.answer_question", "look_questions", OPERATOR)
def answer_question(request, inquiry):
    """The answer goes to the person; whoever looked does not write it."""
    form = AnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Write the answer, in at most 600 characters."))
        return redirect("look_questions")
    try:
        asking_why.answer(form.cleaned_data["question"], form.cleaned_data["answer"], request.user.staff_member)
    except asking_why.NotAnswered as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The answer is written. The person finds it beside her question."))
    return redirect("look_questions")


@require_safe
@on_books("inquiries.delays", delays.Orders, begins_at=WHY)
def orders_of_secrecy(request, listed):
    """Legal orders of secrecy: asked for by one operator, decided by another, read by auditors."""
    return _show_orders(request, listed, DelayForm())


@fresh
@sensitive_post_parameters("number")
@deed_on_books("inquiries.delays", "orders_of_secrecy", OPERATOR)
def ask_for_delay(request, inquiry):
    form = DelayForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            delays.ask(form.person_id, data["document_no"], data["law_article"], data["shown_from"], by=request.user)
        except delays.DelayRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The order is asked for. Somebody else decides it."))
            return redirect("orders_of_secrecy")
    return _show_orders(request, delays.Orders(), form)


@fresh
@sensitive_post_parameters("number")
@deed_on_books("inquiries.delays", "orders_of_secrecy", OPERATOR)
def decide_delay(request, inquiry):
    form = DecideDelayForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            delays.decide(data["order"], data["decision"], form.person_id, by=request.user)
        except delays.DelayRefused as refused:
            messages.error(request, str(refused))
    else:
        messages.error(request, " ".join(error for errors in form.errors.values() for error in errors))
    return redirect("orders_of_secrecy")


def _show_orders(request, listed, form):
    context = {
        "orders": listed.orders,
        "form": form,
        "inquiry": request.inquiry,
        "is_operator": request.inquiry.capacity == Inquiry.Capacity.OPERATOR,
        "latest": delays.latest_day(),
        "decide": DecideDelayForm(auto_id=False),
    }
    return render(request, "inquiries/orders_of_secrecy.html", context)
