"""The user's own account: where she is signed in, when she was, and shutting it all."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from inquiries import devices, freezing, sessions
from inquiries.models import Session
from inquiries.step_up import fresh

HISTORY = 20


@require_safe
def account(request):
    """Account and security: the user's own sessions with the deeds that end them, and her last sign-ins."""
    recent = list(request.user.sessions.order_by("-began_at", "-pk")[:HISTORY])
    context = {
        "open_sessions": [s for s in recent if not s.ended_at],
        "recent": recent,
        "here_now": request.own_session,
    }
    return render(request, "inquiries/account.html", context)


@require_POST
def end_session(request):
    """End one other session of one's own; its device is known no longer."""
    asked = request.POST.get("session", "")
    session = request.user.sessions.open().filter(pk=asked).first() if asked.isdecimal() else None
    if session is None or session == request.own_session:
        raise Http404
    sessions.end(session, Session.Ended.FROM_ELSEWHERE)
    devices.revoke(request.user.known_devices.filter(pk=session.known_device_id))
    messages.success(request, _("The session is ended."))
    return redirect("account")


@require_POST
def end_other_sessions(request):
    """End all of one's own sessions but this one; only this device stays known."""
    sessions.end_all(request.user, Session.Ended.FROM_ELSEWHERE, keep=request.own_session)
    devices.revoke(request.user.known_devices.exclude(pk=request.own_session.known_device_id))
    messages.success(request, _("All other sessions are ended."))
    return redirect("account")


@fresh
@require_http_methods(["GET", "HEAD", "POST"])
def freeze_account(request):
    """Shut one's own account until the next identity check at a window."""
    if request.method != "POST":
        return render(request, "inquiries/freeze_account.html")
    sessions.leave(request, Session.Ended.FROZEN)
    freezing.freeze(request.user)
    logout(request)
    request.own_session = None
    answer = render(request, "inquiries/frozen.html")
    answer["Clear-Site-Data"] = sessions.CLEARED
    return answer
