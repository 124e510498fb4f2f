"""Pages and deeds that keep a session going: how long it lasts, going on, unlocking, step-up."""

from django.contrib.auth.decorators import login_not_required
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from inquiries import sessions
from inquiries.session_gate import passive
from inquiries.step_up_forms import PasswordForm
from inquiries.ways_back import way_back


@require_safe
@login_not_required
@passive
def session_left(request):
    """How many seconds the session lasts unless somebody uses it; asking is no use of it. 0 where there is none."""
    return _left(request.own_session)


@require_POST
@passive
def continue_session(request):
    """Somebody is still there: the session begins its idle time anew. Back to the page, or the seconds for a script."""
    sessions.extend(request.own_session)
    if request.accepts("text/html"):
        return redirect(way_back(request))
    return _left(request.own_session)


def _left(session):
    if session is None:
        return JsonResponse({"left": 0})
    until = f"{timezone.localtime(sessions.ends_at(session)):%H:%M}"
    return JsonResponse({"left": sessions.seconds_left(session), "until": until})


@login_not_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def unlock(request):
    """A locked session: the password alone opens it again. The visit that was open is closed."""
    locked = request.locked_session
    if locked is None:
        return redirect("home")
    form = PasswordForm(request, locked.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        sessions.prove(request, locked)
        return redirect(way_back(request))
    context = {"form": form, "next": way_back(request, ""), "undone": "undone" in request.GET}
    return render(request, "inquiries/unlock.html", context)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def step_up(request):
    """Before a sensitive deed: the password once more, then back to the page."""
    form = PasswordForm(request, request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        sessions.prove(request, request.own_session)
        return redirect(way_back(request, "account"))
    context = {"form": form, "next": way_back(request, ""), "undone": "undone" in request.GET}
    return render(request, "inquiries/step_up.html", context)
