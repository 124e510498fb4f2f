from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from inquiries import activation, entering, opening, sessions
from inquiries.forms import ActivationForm, SignInForm
from inquiries.kiosk import is_kiosk
from inquiries.models import User
from inquiries.password_forms import SHOW, shown
from inquiries.ways_back import way_back


@login_not_required
@never_cache
@sensitive_post_parameters("login", "password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request, kind):
    """One of the three doors: insured persons, employers' agents, staff. The first proof, the password."""
    if SHOW in request.POST:
        form = shown(SignInForm(request, kind), request.POST)
    else:
        form = SignInForm(request, kind, request.POST or None)
    if request.method == "POST" and form.is_bound and form.is_valid():
        sessions.note_answers(request, form.is_public, way_back(request, ""))
        return entering.after_password(request, form.user)
    context = {
        "form": form,
        "kind": kind,
        "next": way_back(request, ""),
        "why": request.GET.get("why"),
        "undone": "undone" in request.GET,
    }
    return render(request, "inquiries/sign_in.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def choose_employer(request):
    """An agent says for which employer she asks; one employer alone needs no question."""
    if request.user.kind != User.Kind.AGENT:
        raise PermissionDenied
    employers = opening.employers_of(request.user)
    chosen = request.POST.get("unit") if request.method == "POST" else None
    if chosen is None and len(employers) != 1:
        return render(request, "inquiries/choose_employer.html", {"employers": employers})
    employer = employers[0] if chosen is None else next((e for e in employers if e.credit_code == chosen), None)
    if employer is None:
        raise Http404
    opening.open_employer(request, employer)
    return redirect(way_back(request, "employer_home"))


@login_not_required
@never_cache
@require_POST
def sign_out(request):
    at_kiosk = is_kiosk(request)
    sessions.leave(request)
    logout(request)
    answer = redirect("kiosk" if at_kiosk else "home")
    answer["Clear-Site-Data"] = sessions.CLEARED
    return answer


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def activate(request, forgotten=False):
    """First use, or a forgotten password: number, name and activation code, then a password of one's own."""
    if SHOW in request.POST:
        form = shown(ActivationForm(request), request.POST)
    else:
        form = ActivationForm(request, request.POST or None)
    if request.method == "POST" and form.is_bound and form.is_valid():
        try:
            user = activation.activate(form.activation_code, form.cleaned_data["password"], form.is_alone)
        except activation.ActivationRefused:
            return redirect(request.resolver_match.url_name)
        needs_code = not user.password_alone
        return render(request, "inquiries/activated.html", {"kind": user.kind, "needs_code": needs_code})
    return render(request, "inquiries/activate.html", {"form": form, "forgotten": forgotten})
