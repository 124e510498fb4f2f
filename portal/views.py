"""Home, the switches of language and text size, the halls, and the pages that join rooms."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from inquiries.door import on_record
from inquiries.kiosk import is_kiosk
from portal import frame, language, registration
from portal.models import Hall
from registry.insurance import Insurance

YEAR = 365 * 24 * 60 * 60


@require_safe
@login_not_required
def home(request):
    """The two doors; whoever is signed in is led on to the first page of their own."""
    if request.user.is_authenticated:
        if is_kiosk(request):
            return redirect("kiosk_tiles")
        first_page, _label = frame.navigation(request.user, inquiry=None)[0]
        return redirect(first_page)
    return render(request, "portal/home.html", {"insurances": Insurance.choices})


@require_safe
@login_not_required
def halls(request):
    """Where the windows are, when they are open and whom to call, by district."""
    return render(request, "portal/halls.html", {"halls": Hall.objects.select_related("area")})


@require_POST
@login_not_required
def set_language(request):
    """Remember the language of the pages in this browser and go back to the page."""
    return remember(request, language.COOKIE, request.POST.get("language"), dict(settings.LANGUAGES))


@require_POST
@login_not_required
def set_text_size(request):
    """Remember the text size in this browser and go back to the page."""
    return remember(request, frame.TEXT_COOKIE, request.POST.get("size"), frame.TEXT_SIZES)


def remember(request, cookie, value, choices):
    """Redirect to the posted `next`, if it is ours, with the chosen value in a cookie that names nobody."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = reverse("home")
    response = HttpResponseRedirect(target)
    if value in choices:
        response.set_cookie(cookie, value, max_age=YEAR, secure=request.is_secure(), httponly=True, samesite="Lax")
    return response


@require_safe
@on_record("portal.registration_status")
def registration_status(request, person):
    """In which scheme the person is registered, where and since when, with what happened since."""
    statuses = registration.status_of(person, timezone.localdate())
    return render(request, "portal/registration_status.html", {"person": person, "statuses": statuses})
