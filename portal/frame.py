"""What stands in the frame of every page: who answers, whom to call, the switches, navigation, the open visit."""

from datetime import datetime

from django.conf import settings
from django.urls import NoReverseMatch
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from inquiries import sessions
from inquiries.door import OF_OPERATORS, may_open, pages_of
from inquiries.first_pages import page_behind
from inquiries.kiosk import is_kiosk
from inquiries.models import Inquiry, StaffMember, User
from inquiries.ways_back import page_of
from portal.addresses import address_of

TEXT_COOKIE = settings.TEXT_COOKIE_NAME
TEXT_SIZES = {"standard": _("Standard"), "large": _("Large"), "extra": _("Extra")}
MENU_LINE = 8  # pages that stand in the menu itself; the others are under "More pages"
LANGUAGE_NAMES = {"zh-hans": "中文", "en": "English"}

# Short, for they stand side by side on a phone.
PERSON_PAGES = (
    ("my_accounts", pgettext_lazy("menu", "Accounts")),
    ("payment_records", pgettext_lazy("menu", "Payments")),
    ("statements", pgettext_lazy("menu", "Statements")),
    ("prospects", pgettext_lazy("menu", "Pension")),
    ("registration_status", pgettext_lazy("menu", "Registration")),
    ("who_looked", pgettext_lazy("menu", "Who looked")),
)
EMPLOYER_PAGES = (
    ("employer_home", _("Employer home")),
    ("payment_list", _("Payment list")),
)
RECORD_PAGES = PERSON_PAGES + EMPLOYER_PAGES
CLERK_PAGES = (
    ("window_today", _("Today")),
    ("start_visit", _("Start a visit")),
    ("papers_waiting", _("Papers to confirm")),
)
PHONE_PAGES = (("phone_desk", _("12333 desk")),)
OPERATOR_PAGES = (
    ("operators_desk", _("To do")),
    ("batches", _("Batches")),
    ("find_person", _("One person")),
    ("corrections", _("Corrections")),
    ("interest_years", _("Interest by year")),
    ("local_rules", _("Local rules")),
    ("proofs", _("Proofs of the books")),
    ("look_questions", _("Questions about look-ups")),
    ("orders_of_secrecy", _("Orders of secrecy")),
    ("clerks_today", _("Clerks today")),
    ("terminals", _("Kiosks")),
    ("admin:index", _("Administration")),
)
LOG_PAGES = (
    ("audit_looks", _("Access log")),
    ("unusual_looks", _("Unusual look-ups")),
)
ADMINISTRATOR_PAGES = (
    ("staff_list", _("Staff")),
    ("staff_deeds", _("Deeds on accounts of staff")),
    ("system_settings", _("Settings")),
)
STAFF_PAGES = {
    StaffMember.Role.CLERK: CLERK_PAGES,
    StaffMember.Role.OPERATOR: OPERATOR_PAGES,
    StaffMember.Role.AUDITOR: OPERATOR_PAGES[:1] + LOG_PAGES + OPERATOR_PAGES[1:] + ADMINISTRATOR_PAGES,
    StaffMember.Role.PHONE: PHONE_PAGES,
    StaffMember.Role.SYSTEM: ADMINISTRATOR_PAGES,
    StaffMember.Role.SECURITY: ADMINISTRATOR_PAGES,
}


def quiet_frame(request):
    """The part of the frame that asks the database nothing, so that error pages can stand in it."""
    size = request.COOKIES.get(TEXT_COOKIE)
    return {
        "agency_name": settings.AGENCY_NAME,
        "official_domain": settings.OFFICIAL_DOMAIN,
        "help_line": settings.HELP_LINE,
        "language": get_language(),
        "request_number": getattr(request, "number", ""),
        "text_size": size if size in TEXT_SIZES else "standard",
    }


def frame(request):
    """Context processor: the whole frame."""
    inquiry = getattr(request, "inquiry", None)
    return quiet_frame(request) | {
        "base": "base_kiosk.html" if is_kiosk(request) else "base.html",
        "languages": LANGUAGE_NAMES,
        "text_sizes": TEXT_SIZES,
        "here": here(request),
        "menu": menu(navigation(request.user, inquiry), request.path),
        "inquiry": inquiry,
        "visit": getattr(inquiry, "visit", None),
        "pages": pages_of(inquiry) if inquiry else frozenset(),
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
    ends_here = timezone.localtime(ends_at)
    return {
        "ends_at": ends_here.isoformat(timespec="seconds"),
        "until": f"{ends_here:%H:%M}",
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


def navigation(user, inquiry):
    """(URL name, label) of the main pages: those that the open inquiry may open, or those of the user's role."""
    if not user.is_authenticated:
        return ()
    if inquiry and inquiry.capacity not in OF_OPERATORS:
        return tuple(page for page in RECORD_PAGES if may_open(inquiry, page_behind(page[0])))
    if user.kind == User.Kind.PERSON:
        return PERSON_PAGES
    if user.kind == User.Kind.AGENT:
        return EMPLOYER_PAGES
    member = user.staff_member
    return STAFF_PAGES[member.role] if member else ()


def menu(pages, path):
    """The pages of `navigation` with their addresses, the one shown now marked; what is too much for a line apart."""
    items = [(address, label, address == path) for address, label in _addressed(pages)]
    if len(items) <= MENU_LINE + 1:
        return {"first": items}
    more = items[MENU_LINE:]
    return {"first": items[:MENU_LINE], "more": more, "is_in_more": any(is_current for *_page, is_current in more)}


def _addressed(pages):
    """Pages without an address of their own (the admin where it is walled off) are left out."""
    for name, label in pages:
        try:
            yield address_of(name), label
        except NoReverseMatch:
            continue
