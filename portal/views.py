"""Home, the switches of language and text size, the halls, and the pages that join rooms."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from inquiries.door import for_administrator, open_inquiry
from inquiries.kiosk import is_kiosk
from inquiries.models import RequiredPaper
from inquiries.ways_back import is_ours
from portal import frame, language, places, privacy
from portal import system_settings as how_it_is_set_up
from portal.models import Hall
from registry.insurance import Insurance

YEAR = 365 * 24 * 60 * 60
ICONS = (("img/icon-192.png", "192x192", "any"), ("img/icon-512.png", "512x512", "any maskable"))
SECURITY_TXT_DAYS = 180


@require_safe
@login_not_required
def home(request):
    """The two doors; whoever is signed in and has a role is led on to the first page of their own."""
    if request.user.is_authenticated and is_kiosk(request):
        return redirect("kiosk_tiles")
    inquiry = open_inquiry(request) if request.user.is_authenticated else None
    pages = frame.navigation(request.user, inquiry if inquiry and inquiry.mandate else None)
    if pages:
        return redirect(pages[0][0])
    return render(request, "portal/home.html", {"insurances": Insurance.choices})


@require_safe
@login_not_required
def halls(request):
    """Where the windows are, when they are open, whom to call, and what to bring, by district and by who comes."""
    context = {"halls": Hall.objects.select_related("area"), "papers": RequiredPaper.objects.in_order_of_visitors()}
    return render(request, "portal/halls.html", context)


@require_safe
@login_not_required
def designated_places(request):
    """Hospitals and pharmacies that settle with the card, by district, kind and name."""
    form, page = places.search(request.GET)
    context = {"form": form, "page": page, "today": timezone.localdate(), "delivered_on": places.delivered_on()}
    return render(request, "portal/designated_places.html", context)


@require_safe
@login_not_required
def privacy_notice(request):
    """What the portal does with personal information, and on what basis; for everybody, without signing in."""
    context = {"sections": privacy.SECTIONS, "version": privacy.VERSION, "since": privacy.SINCE}
    return render(request, "portal/privacy.html", context)


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
    if not is_ours(request, target):
        target = reverse("home")
    response = HttpResponseRedirect(target)
    if value in choices:
        secure = settings.SESSION_COOKIE_SECURE or request.is_secure()
        response.set_cookie(cookie, value, max_age=YEAR, secure=secure, httponly=True, samesite="Lax")
    return response


@require_safe
@login_not_required
def security_txt(request):
    """Where to write about a hole (RFC 9116); 404 where no contact is set."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    expires = timezone.now().replace(microsecond=0) + timedelta(days=SECURITY_TXT_DAYS)
    lines = [f"Contact: {settings.SECURITY_CONTACT}", f"Expires: {expires.isoformat()}", "Preferred-Languages: zh, en"]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


@require_safe
@login_not_required
def manifest(request):
    """What a phone needs to put the portal among its apps. No service worker: nothing of a record is kept there."""
    facts = {
        "id": "/",
        "name": _("Social Security Account Portal"),
        "short_name": _("Social security"),
        "lang": get_language(),
        "start_url": reverse("home"),
        "scope": "/",
        "display": "minimal-ui",
        "theme_color": "#123a66",
        "background_color": "#fbf9f4",
        "icons": [
            {"src": static(path), "sizes": sizes, "type": "image/png", "purpose": purpose}
            for path, sizes, purpose in ICONS
        ],
    }
    return JsonResponse(facts, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})


@require_safe
@for_administrator
def system_settings(request, member):
    """How the portal is set up; nothing is changed here."""
    return render(request, "portal/system_settings.html", {"settings": how_it_is_set_up.shown()})
