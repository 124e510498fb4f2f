"""Changing one's own password."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from inquiries import entering, notices, passwords, proving, sessions
from inquiries.models import Notice, Session
from inquiries.password_forms import SHOW, ChangePasswordForm, shown


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def change_password(request):
    """The present password, then a new one; all other sessions end. A password that is too old is renewed here too."""
    user = request.user if request.user.is_authenticated else proving.of(request)
    if user is None or not (request.user.is_authenticated or proving.has_second(request)):
        return redirect("home")
    if SHOW in request.POST:
        form = shown(ChangePasswordForm(request, user), request.POST)
    else:
        form = ChangePasswordForm(request, user, request.POST or None)
    if request.method == "POST" and form.is_bound and form.is_valid():
        alone = form.is_alone if "protection" in form.fields else False
        passwords.set_password(user, form.cleaned_data["password"], alone)
        sessions.end_all(user, Session.Ended.PASSWORD, keep=request.own_session)
        notices.tell(user, Notice.Kind.PASSWORD_CHANGED)
        messages.success(request, _("Your password is changed. All other devices are signed out."))
        if not request.user.is_authenticated:
            return entering.enter(request, user)
        # Sessions carry a hash of the password: the others no longer fit, this one is renewed.
        update_session_auth_hash(request, user)
        sessions.prove(request, request.own_session)
        return redirect("my_protection")
    return render(request, "inquiries/change_password.html", {"form": form, "too_old": passwords.is_too_old(user)})
