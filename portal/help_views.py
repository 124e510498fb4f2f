"""Help: the eight questions, and the laws behind the answers. Open to everybody."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from inquiries.door import may_open, open_inquiry
from inquiries.first_pages import page_behind
from portal import law_texts
from portal.help import BY_KEY, CAUSES, QUESTIONS

MOST_WAYS = 3


@require_safe
@login_not_required
def help_index(request):
    """The eight questions."""
    return render(request, "portal/help.html", {"questions": QUESTIONS})


@require_safe
@login_not_required
def help_on(request, question):
    """One question: the answer, the articles it rests on in full, and the way to the reader's own data."""
    asked = BY_KEY[question]
    context = {
        "question": asked,
        "basis": [(law_texts.law(key), number, law_texts.law(key).articles[number]) for key, number in asked.basis],
        "ways": list(_ways(request, asked))[:MOST_WAYS],
        "causes": CAUSES if question == "zero" else (),
        "others": [other for other in QUESTIONS if other is not asked],
    }
    return render(request, "portal/help_on.html", context)


@require_safe
@login_not_required
def law_index(request):
    """The laws that the portal cites, with all their articles."""
    return render(request, "portal/law.html", {"laws": law_texts.laws()})


@require_safe
@login_not_required
def law_article(request, law, article):
    """One article in the original; 404 where the law has none of this number."""
    found = law_texts.law(law)
    if article not in found.articles:
        raise Http404
    context = {
        "law": found,
        "number": article,
        "paragraphs": found.articles[article],
        "before": article - 1 if article > 1 else None,
        "after": article + 1 if article + 1 in found.articles else None,
    }
    return render(request, "portal/law_article.html", context)


def _ways(request, question):
    """(address, label) of the pages of a question that open to this reader: her own where she is signed in."""
    inquiry = open_inquiry(request) if request.user.is_authenticated else None
    for name, label, named in question.ways:
        try:
            address, page = reverse(name, kwargs=named or None), page_behind(name, **named)
        except NoReverseMatch:
            continue
        if page is None or (inquiry and may_open(inquiry, page)):
            yield address, label
