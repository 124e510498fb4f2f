"""The kiosk: signing in on a registered machine, the tiles, the question whether somebody is still there."""

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from inquiries import kiosk, sessions
from inquiries.door import deed_of_operator, for_operator, open_inquiry
from inquiries.kiosk_forms import RegisterForm
from inquiries.limits import LAST_CALL
from inquiries.models import StaffMember, Terminal, User
from inquiries.step_up import fresh
from inquiries.ways_back import is_ours

from .sign_in import sign_in


@login_not_required
@never_cache
@sensitive_post_parameters("login", "password")
@require_http_methods(["GET", "HEAD", "POST"])
def kiosk_sign_in(request):
    """The persons' sign-in in the kiosk's frame; whoever was signed in before is out."""
    terminal = kiosk.terminal_of(request)
    if terminal is None:
        return render(request, "inquiries/kiosk_unknown.html", status=403)
    if request.user.is_authenticated:
        sessions.leave(request)
        logout(request)
    kiosk.remember(request, terminal)
    return sign_in(request, kind=User.Kind.PERSON)


@require_safe
def kiosk_tiles(request):
    """What there is to see, in four large tiles; no figure stands here yet."""
    inquiry = open_inquiry(request)
    if inquiry is None or inquiry.terminal is None:
        return redirect("kiosk")
    return kiosk.with_warning(request, render(request, "inquiries/kiosk_tiles.html"))


@require_safe
@login_not_required
def kiosk_still_there(request):
    """Asked when a page has stood idle; without an answer the browser goes on to the beginning."""
    target = request.GET.get("next", "")
    if not is_ours(request, target):
        target = reverse("kiosk_tiles")
    answer = render(request, "inquiries/kiosk_still_there.html", {"next": target})
    answer["Refresh"] = f"{int(LAST_CALL.total_seconds())}; url={reverse('kiosk')}"
    return answer


@require_safe
@for_operator
def terminals(request, member):
    """The agency's kiosks, and the form that makes one of this machine."""
    return _show_terminals(request, member, RegisterForm(initial={"office": member.office}))


@fresh
@deed_of_operator
def register_terminal(request, member):
    """Make a kiosk of the machine at which the operator stands, and sign the operator out of it."""
    form = RegisterForm(request.POST)
    if form.is_valid():
        try:
            _terminal, secret = kiosk.register(member, form.cleaned_data["name"], form.cleaned_data["office"])
        except IntegrityError:
            form.add_error("name", _("A kiosk of this name stands in this office already."))
        else:
            sessions.leave(request)
            logout(request)
            return kiosk.mark(redirect("kiosk"), secret)
    return _show_terminals(request, member, form)


@deed_of_operator
def end_terminal(request, member):
    number = request.POST.get("terminal", "")
    if number.isascii() and number.isdigit() and len(number) < 18 and kiosk.end(member, int(number)):
        messages.success(request, _("The kiosk is ended; nobody can sign in there any more."))
    return redirect("terminals")


def _show_terminals(request, member, form):
    found = Terminal.objects.filter(agency=member.agency, ended_at=None)
    context = {"terminals": found, "form": form, "is_operator": member.role == StaffMember.Role.OPERATOR}
    return render(request, "inquiries/terminals.html", context)
