"""What stands in the frame of every page: who answers, whom to call, the switches, navigation, the open visit."""

from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from inquiries.models import StaffMember, User

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
    ("look_questions", _("Questions about look-ups")),
    ("orders_of_secrecy", _("Orders of secrecy")),
    ("admin:index", _("Administration")),
)
AUDITOR_PAGES = (
    *OPERATOR_PAGES,
    ("audit_looks", _("Access log")),
    ("unusual_looks", _("Unusual look-ups")),
)
PAGES_OF = {StaffMember.Role.CLERK: CLERK_PAGES, StaffMember.Role.AUDITOR: AUDITOR_PAGES}


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
    }


def here(request):
    """Path to come back to after a switch: this page, or the page whose form was just sent."""
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    sender = urlsplit(request.headers.get("Referer", ""))
    if sender.path and sender.netloc == request.get_host():
        return f"{sender.path}?{sender.query}" if sender.query else sender.path
    return "/"


def navigation(user, visit):
    """(URL name, label) of the main pages: the visitor's own, or during a window visit those of the person served."""
    if not user.is_authenticated:
        return ()
    if visit or user.kind == User.Kind.PERSON:
        return PERSON_PAGES
    if user.kind == User.Kind.AGENT:
        return EMPLOYER_PAGES
    member = user.staff_member
    return PAGES_OF.get(member.role, OPERATOR_PAGES) if member else OPERATOR_PAGES
