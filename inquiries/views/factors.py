"""Setting up, looking at and removing one's own second factors."""

import base64
from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from inquiries import authenticator_app, bound_phones, entering, passkeys, printed_codes, proving, second_factors
from inquiries.models import BoundPhone, TextCode, User
from inquiries.models.factors import masked_phone
from inquiries.proof_forms import CodeForm, PhoneForm, RemoveForm
from inquiries.qr import QrPicture
from inquiries.step_up import fresh
from registry.encryption import decrypt, encrypt

from .second_step import say_sent

PENDING_APP = "app_being_set_up"


def for_owner(view):
    """Decorate `view(request, user)`: a deed on one's own second factors.

    Open to whoever is signed in, and before that to whoever's password was right and who never had a second factor:
    the first one must be set up before anything else opens. The signed-in prove themselves again (step-up).
    """

    @fresh
    def of_signed_in(request):
        return view(request, request.user)

    @login_not_required
    @never_cache
    @wraps(view)
    def owned(request):
        if request.user.is_authenticated:
            return of_signed_in(request)
        user = proving.of(request)
        if user is None:
            return redirect("home")
        if second_factors.ways_of(user):
            return redirect("second_step")
        if not second_factors.may_set_up_first(user):
            return redirect("set_up_first")
        return view(request, user)

    return owned


@login_not_required
@never_cache
@require_safe
def set_up_first(request):
    """Before anything else opens: which second factor. Or, where the old one is gone, the way to the window."""
    user = proving.of(request)
    if user is None:
        return redirect("home")
    if second_factors.ways_of(user):
        return redirect("second_step")
    context = {
        "may_set_up": second_factors.may_set_up_first(user),
        "phone": _register_phone(user),
        "is_person": user.kind == User.Kind.PERSON,
    }
    return render(request, "inquiries/set_up_first.html", context)


@never_cache
@require_safe
def my_protection(request):
    """What stands between a stranger and this account, and how to change it."""
    user = request.user
    context = {
        "ways": second_factors.ways_of(user),
        "passkeys": [(row.pk, row.wrap().name, row.created_at) for row in passkeys.of_user(user)],
        "change": bound_phones.change_of(user),
        "is_person": user.kind == User.Kind.PERSON,
        "must_have": second_factors.must_have(user),
    }
    return render(request, "inquiries/my_protection.html", context)


@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
@for_owner
def set_up_app(request, user):
    """The secret as a picture and in words; the first code proves that the app has it."""
    secret = _secret_of(request)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        if authenticator_app.set_up(user, secret, form.cleaned_data["code"]):
            del request.session[PENDING_APP]
            return _stands(request, user, "app")
        form.refuse()
    groups = [secret[start : start + 4] for start in range(0, len(secret), 4)]
    picture = QrPicture.of(authenticator_app.address_for_app(user, secret))
    return render(request, "inquiries/set_up_app.html", {"form": form, "groups": groups, "picture": picture})


def _secret_of(request):
    """The secret of the app that is being set up; it waits in the session, encrypted."""
    kept = request.session.get(PENDING_APP)
    if kept:
        return decrypt(base64.b64decode(kept))
    secret = authenticator_app.new_secret()
    request.session[PENDING_APP] = base64.b64encode(encrypt(secret)).decode()
    return secret


@sensitive_post_parameters("answer")
@require_http_methods(["GET", "HEAD", "POST"])
@for_owner
def set_up_passkey(request, user):
    """The one page that needs a script: the browser alone can make a passkey."""
    if request.method == "POST":
        name = _("Passkey %(number)s") % {"number": passkeys.of_user(user).count() + 1}
        try:
            passkeys.set_up(user, request.POST.get("answer", ""), name)
        except passkeys.NotProven:
            messages.error(request, _("The passkey could not be set up. Try again, or choose another way."))
            return redirect("set_up_passkey")
        return _stands(request, user, "passkey")
    return render(request, "inquiries/set_up_passkey.html", {"passkey_request": passkeys.begin_set_up(user)})


@require_http_methods(["GET", "HEAD", "POST"])
@for_owner
def set_up_phone(request, user):
    """A number for codes: the register's, at the first set-up; another one, for whoever is signed in."""
    if user.kind != User.Kind.PERSON:
        return redirect("my_protection" if request.user.is_authenticated else "set_up_first")
    return _other_phone(request, user) if request.user.is_authenticated else _phone_of_register(request, user)


def _phone_of_register(request, user):
    number = _register_phone(user)
    if number is None:
        return redirect("set_up_first")
    masked = masked_phone(number)
    if request.method == "POST":
        sent = say_sent(request, user, TextCode.Purpose.BIND, number, masked)
        return redirect("confirm_phone" if sent else "set_up_phone")
    return render(request, "inquiries/set_up_phone.html", {"in_register": masked})


def _other_phone(request, user):
    form = PhoneForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        number = form.cleaned_data["phone"]
        if say_sent(request, user, TextCode.Purpose.BIND, number, masked_phone(number)):
            return redirect("confirm_phone")
    context = {"form": form, "phone": bound_phones.of_user(user), "change": bound_phones.change_of(user)}
    return render(request, "inquiries/set_up_phone.html", context)


@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
@for_owner
def confirm_phone(request, user):
    """The code that was sent to the number proves whose it is."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        sent = bound_phones.proven(user, form.cleaned_data["code"])
        if sent and not request.user.is_authenticated and sent == _register_phone(user):
            bound_phones.bind(user, sent, BoundPhone.Source.REGISTER)
            return _stands(request, user, "phone")
        if sent and request.user.is_authenticated:
            bound_phones.ask_change(user, sent)
            messages.success(request, _("The new number is good in 72 hours. Until then you can stop the change."))
            return redirect("my_protection")
        form.refuse()
    return render(request, "inquiries/confirm_phone.html", {"form": form})


@require_POST
@for_owner
def stop_phone_change(request, user):
    if bound_phones.stop_change(user):
        messages.success(request, _("The change was stopped. Codes go to the same number as before."))
    return redirect("my_protection")


@require_POST
@for_owner
def print_own_codes(request, user):
    """A new sheet for whoever has an app or a passkey; at the first set-up it comes by itself."""
    ways = second_factors.ways_of(user)
    if not (ways.has_app or ways.passkeys):
        return redirect("my_protection" if request.user.is_authenticated else "set_up_first")
    return _sheet(request, printed_codes.hand_out(user), reverse("my_protection"))


@require_POST
@for_owner
def remove_factor(request, user):
    form = RemoveForm(request.POST)
    if form.is_valid() and request.user.is_authenticated:
        try:
            second_factors.remove(user, form.cleaned_data["way"], form.cleaned_data["passkey"])
        except second_factors.OnlyFactor:
            messages.error(request, _("This is your only second factor. Set up another one before you remove it."))
        else:
            messages.success(request, _("It is removed and no longer works."))
    return redirect("my_protection")


def _register_phone(user):
    """The register's number, where codes could be sent to it."""
    return bound_phones.in_register(user) if second_factors.can_text() else None


def _stands(request, user, way):
    """A second factor was set up: say so, hand out reserve codes, and go on to where the user was going."""
    second_factors.note_set_up(user, way)
    is_device = way in {"app", "passkey"}
    codes = printed_codes.hand_out(user) if is_device and not printed_codes.open_codes(user).exists() else None
    messages.success(request, _("It is set up. From now on you are asked for it when you sign in."))
    signed_in = request.user.is_authenticated
    answer = redirect("my_protection") if signed_in else entering.after_second_factor(request, user)
    return _sheet(request, codes, answer.url) if codes else answer


def _sheet(request, codes, goes_on_at):
    return render(request, "inquiries/printed_codes.html", {"codes": codes, "goes_on_at": goes_on_at})
