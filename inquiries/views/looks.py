"""Who looked at my record, and why: the person's own pages."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from inquiries import asking_why, looked
from inquiries.door import deed_on, on_record
from inquiries.look_forms import AskWhyForm, WhoLookedForm
from inquiries.models import Inquiry


@require_safe
@on_record("inquiries.who_looked")
def who_looked(request, person):
    """Every look-up of this person's record, newest first; her own ones folded."""
    form = WhoLookedForm(request.GET)
    page = looked.page_of(person, form.picked(), before=request.GET.get("before"))
    asked = request.GET.copy()
    asked.pop("before", None)
    context = {
        "form": form,
        "page": page,
        "questions": asking_why.questions_of(person),
        "asked": asked.urlencode(),
        "may_ask": request.inquiry.capacity == Inquiry.Capacity.SELF,
        "inquiry": request.inquiry,
        "working_days": asking_why.ANSWER_WORKING_DAYS,
    }
    return render(request, "inquiries/who_looked.html", context)


@deed_on("inquiries.ask_why")
def ask_why(request, inquiry):
    """The person asks the office that looked why it did; 404 for a look-up that is not in her log."""
    form = AskWhyForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Write your question, in at most 300 characters."))
        return redirect("who_looked")
    try:
        question = asking_why.ask(inquiry.person, form.cleaned_data["act"], form.cleaned_data["text"])
    except asking_why.NotAsked:
        raise Http404 from None
    messages.success(request, _("Your question is asked. Its number is %(number)s.") % {"number": question.number})
    return redirect("who_looked")
