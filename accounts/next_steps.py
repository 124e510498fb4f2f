"""Where one can go from the overview: blocks of at most three pages, by what somebody wants to know.

Pages are named by their URL names, those of the rooms above included; what the open inquiry may not open is left out.
"""

from functools import lru_cache

from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from inquiries.door import pages_of
from inquiries.first_pages import page_behind
from inquiries.models import Inquiry
from registry.insurance import Insurance

KEPT = 200  # capacities with their languages: few, though a proxy's pages are those that were chosen for him
BLOCKS = (
    (
        _("Payments"),
        (
            ("payment_records", _("See payments month by month")),
            ("lifetime", _("All years and places on one line")),
            ("statements", _("Yearly statements")),
        ),
    ),
    (
        _("Benefits"),
        (
            ("prospects", _("When do I retire, and how much?")),
            ("benefits", _("What I have received")),
            ("medical_spending", _("Medical spending by year")),
        ),
    ),
    (
        _("Registration and my data"),
        (
            ("registration_status", _("See where you are registered")),
            ("my_card", _("My data and my card")),
            ("transfers", _("Moves between areas")),
        ),
    ),
    (
        _("When something happens"),
        (
            ("unemployment", _("Out of work")),
            ("work_injury", _("Injured at work")),
            ("designated_places", _("Hospitals and pharmacies")),
        ),
    ),
    (
        _("Print or take along"),
        (
            ("my_list", _("Print my list")),
            ("take_out", _("Take all my data along")),
        ),
    ),
    (
        _("Others and my record"),
        (
            ("who_looked", _("See who looked at your records")),
            ("my_mandates", _("Let somebody else ask for you")),
            ("phone_code", _("Show your record to the 12333 desk during a call")),
        ),
    ),
    (
        _("Rules and help"),
        (
            ("help", _("Help: eight questions")),
            ("public_rules", _("All rules and rates")),
            ("halls", _("Window addresses")),
        ),
    ),
)
# What leads on from the card of one insurance.
OF_ONE = (
    ("balance_sources", _("Where does it come from?")),
    ("account_interest", _("Interest")),
    ("insurance", _("What came in and went out")),
)


def cards(inquiry):
    """The blocks as HTML: of each what this inquiry may open; a block of nothing is left out."""
    return _cards(frozenset(pages_of(inquiry)), inquiry.channel == Inquiry.Channel.WEB, get_language())


def of_one(inquiry):
    """{insurance: its links as HTML} for the cards of insurances with a personal account."""
    return _of_one(frozenset(pages_of(inquiry)), get_language())


# Everybody of one capacity is led to the same places, so they are written once in each language.
@lru_cache(KEPT)
def _cards(pages, is_web, language):
    blocks = [(title, list(_steps(links, pages, is_web))) for title, links in BLOCKS]
    return render_to_string("accounts/_next_steps.html", {"blocks": [block for block in blocks if block[1]]})


@lru_cache(KEPT)
def _of_one(pages, language):
    steps = {each: list(_steps(OF_ONE, pages, is_web=False, insurance=each.value)) for each in Insurance}
    return {each: render_to_string("accounts/_links.html", {"steps": found}) for each, found in steps.items()}


def _steps(links, pages, is_web, **named):
    for name, label in links:
        try:
            address, page = reverse(name, kwargs=named or None), page_behind(name, **named)
        except NoReverseMatch:
            continue
        # A public page has no door. At a kiosk and at the desk it would lead away from the record.
        if page in pages if page else is_web:
            yield address, label
