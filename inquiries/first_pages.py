"""Where each user begins, and which page an open inquiry leads to."""

from functools import cache

from django.urls import resolve, reverse

from . import mandates
from .door import may_open
from .door.staff import FIRST_PAGES
from .kiosk import is_kiosk
from .models import User

# In the order in which they are offered to somebody who may open only some.
OF_RECORD = ("my_accounts", "employer_home", "payment_records", "registration_status")


def after_sign_in(request):
    """URL name of the page to which somebody who has just signed in is led."""
    user = request.user
    if user.kind == User.Kind.PERSON:
        if is_kiosk(request):
            return "kiosk_tiles"
        return "choose_record" if mandates.held_by(user) else "my_accounts"
    if user.kind == User.Kind.AGENT:
        return "choose_employer"
    return FIRST_PAGES[user.staff_member.role] if user.staff_member else "home"


def first_page(inquiry):
    """URL name of the first page that this inquiry may open."""
    return next((name for name in OF_RECORD if may_open(inquiry, page_behind(name))), "home")


@cache
def page_behind(name, **named):
    """The name in the access log of the page with this URL name; None for a page without the door.

    `named`: what the address names besides, as text; NoReverseMatch where there is no such page.
    """
    return getattr(resolve(reverse(name, kwargs=named or None)).func, "door", None)
