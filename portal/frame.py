"""What stands in the frame of every page: who answers, whom to call, the switches, navigation, the open visit."""

from datetime import datetime

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from inquiries import sessions
from inquiries.models import Inquiry, StaffMember, User
from inquiries.ways_back import page_of

TEXT_COOKIE = "text"
TEXT_SIZES = {"standard": _("Standard"), "large": _("Large"), "extra": _("Extra")}
LANGUAGE_NAMES = {"zh-hans": "中文", "en": "English"}

PERSON_PAGES = (
    ("my_accounts", _("My accounts")),
    ("payment_records", _("Payment records")),
    ("registration_status", _("Registration status")),
    ("who_looked", _("Who looked at my records")),
)
EMPLOYER_PAGES = (
    ("employer_home", _("Employer home")),
    ("payment_list", _("Payment list")),
)
CLERK_PAGES = (
    ("window_today", _("Today")),
    ("start_visit", _("Start a visit")),
)
OPERATOR_PAGES = (
    ("operators_desk", _("To do")),
    ("batches", _("Batches")),
    ("find_person", _("One person")),
    ("corrections", _("Corrections")),
    ("interest_years", _("Interest by year")),
    ("local_rules", _("Local rules")),
    ("proofs", _("Proofs of the books")),
    ("admin:index", _("Administration")),
)


def quiet_frame(request):
    """The part of the frame that asks the database nothing, so that error pages can stand in it."""
    size = request.COOKIES.get(TEXT_COOKIE)
    return {
        "agency_name": settings.AGENCY_NAME,
        "official_domain": settings.OFFICIAL_DOMAIN,
        "help_line": settings.HELP_LINE,
        "language": get_language(),
        "text_size": size if size in TEXT_SIZES else "standard",
    }


def frame(request):
    """Context processor: the whole frame."""
    inquiry = getattr(request, "inquiry", None)
    visit = getattr(inquiry, "visit", None)
    return quiet_frame(request) | {
        "languages": LANGUAGE_NAMES,
        "text_sizes": TEXT_SIZES,
        "here": here(request),
        "path": request.path,
        "navigation": navigation(request.user, visit),
        "visit": visit,
        "own_session": session_of(request),
    }


def session_of(request):
    """What the frame says of the visitor's own session, or None: until when it lasts, unread notices.

    Asks the database nothing: all of it came with the session.
    """
    session = getattr(request, "own_session", None)
    if session is None:
        return None
    ends_at, limits = sessions.ends_at(session), sessions.limits(session)
    return {
        "ends_at": ends_at,
        "left": sessions.seconds_left(session),
        "warn": int(limits.warn.total_seconds()),
        "can_go_on": ends_at < session.began_at + limits.whole,
        "locks": limits.locks,
        "unread": getattr(session, "unread", 0),
        "previous": previous_sign_in(request),
    }


def previous_sign_in(request):
    """When and through which channel the visitor signed in the time before; None where this is the first time."""
    kept = request.session.get(sessions.PREVIOUS)
    return kept and {"at": datetime.fromisoformat(kept[0]), "channel": Inquiry.Channel(kept[1]).label}


def here(request):
    """Path to come back to after a switch: this page, or the page whose form was just sent."""
    return page_of(request) or "/"


def navigation(user, visit):
    """(URL name, label) of the main pages: the visitor's own, or during a window visit those of the person served."""
    if not user.is_authenticated:
        return ()
    if visit or user.kind == User.Kind.PERSON:
        return PERSON_PAGES
    if user.kind == User.Kind.AGENT:
        return EMPLOYER_PAGES
    member = user.staff_member
    return CLERK_PAGES if member and member.role == StaffMember.Role.CLERK else OPERATOR_PAGES
