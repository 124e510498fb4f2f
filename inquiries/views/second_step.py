"""The second step of signing in: a code or a passkey, after the password and before anything else."""

from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from inquiries import entering, passkeys, printed_codes, proving, second_factors, senders, text_codes, throttle
from inquiries.models import TextCode
from inquiries.proof_forms import CodeForm
from inquiries.throttled import sentence

DOOR = "second_factor"


def _after_password(view):
    """Decorate `view(request, user, ways)`: for whoever's password was right in this session and who has a factor."""

    @login_not_required
    @never_cache
    @wraps(view)
    def proven(request):
        user = proving.of(request)
        if user is None:
            return redirect("home")
        ways = second_factors.ways_of(user)
        return view(request, user, ways) if ways else redirect("set_up_first")

    return proven


@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
@_after_password
def second_step(request, user, ways):
    """One field for whatever code the user has, and a button for each other way."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and not form.is_throttled(DOOR, user, request):
        way = second_factors.check_code(user, form.cleaned_data["code"])
        if way:
            throttle.succeeded(DOOR, user, request)
            return _go_on(request, user, way)
        if not proving.wrong_code(request):
            return _begin_again(request, user)
        form.refuse()
    context = {
        "form": form,
        "ways": ways,
        "is_text_on_its_way": text_codes.waiting(user, TextCode.Purpose.SIGN_IN) is not None,
        "passkey_request": passkeys.begin_check(user) if ways.passkeys else "",
    }
    return render(request, "inquiries/second_step.html", context)


@sensitive_post_parameters("answer")
@require_POST
@_after_password
def prove_passkey(request, user, ways):
    """What the browser answered for one of the user's passkeys."""
    if until := throttle.wait_until(DOOR, user, request):
        messages.error(request, sentence(until))
        return redirect("second_step")
    if passkeys.check(user, request.POST.get("answer", "")):
        throttle.succeeded(DOOR, user, request)
        return _go_on(request, user, "passkey")
    if not proving.wrong_code(request):
        return _begin_again(request, user)
    messages.error(request, _("The passkey was not recognised. Try again, or choose another way."))
    return redirect("second_step")


@require_POST
@_after_password
def send_text_code(request, user, ways):
    """Send a code to the bound phone."""
    if ways.phone:
        say_sent(request, user, TextCode.Purpose.SIGN_IN, ways.phone.number, ways.phone.masked)
    return redirect("second_step")


def say_sent(request, user, purpose, number, masked):
    """Send a code and say so, or say why none was sent; whether one was."""
    try:
        text_codes.send(user, purpose, number)
    except text_codes.TooOften:
        messages.error(
            request, _("A code was just sent, or too many were sent today. Wait a minute, or choose another way.")
        )
    except senders.NotSent:
        messages.error(request, _("The text message could not be sent. Choose another way, or try again later."))
    else:
        messages.success(request, _("A code was sent to %(phone)s. It is good for 10 minutes.") % {"phone": masked})
        return True
    return False


def _go_on(request, user, way):
    left = printed_codes.open_codes(user).count() if way == "codes" else None
    if left is not None and left <= printed_codes.FEW:
        text = ngettext(
            "%(left)s printed code is left. Get a new sheet in time.",
            "%(left)s printed codes are left. Get a new sheet in time.",
            left,
        )
        messages.warning(request, text % {"left": left})
    return entering.after_second_factor(request, user)


def _begin_again(request, user):
    messages.error(request, _("The code was wrong five times. Begin again with the password."))
    return redirect("sign_in", kind=user.kind)
