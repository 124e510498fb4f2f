"""What a form says to somebody who has tried too often (ux.md §3.3)."""

from datetime import timedelta

from django import forms
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from . import throttle

ONE_MINUTE = timedelta(minutes=1)


def refuse_while_throttled(door, login, request):
    """Count a guess; ValidationError, with the time from which on to try again, where none may be made now."""
    until = throttle.wait_until(door, login, request)
    if until is not None:
        raise forms.ValidationError(sentence(until), code="throttled")


def sentence(until):
    """Until when to wait, and what else helps. The minute is the first whole one in which a try is let through."""
    halls = format_html('<a href="{}">{}</a>', reverse("halls"), _("addresses, hours"))
    if until == throttle.CLOSED:
        words = _(
            "There were many attempts. Please come to a service window with your identity card ({halls}), "
            "or call {help_line}."
        )
        return format_html(words, halls=halls, help_line=settings.HELP_LINE)
    words = _(
        "There were many attempts. Please try again after {time}, or come to a service window with your identity card "
        "({halls}), or call {help_line}."
    )
    at = timezone.localtime(until + ONE_MINUTE - timedelta.resolution)
    return format_html(words, time=f"{at:%H:%M}", halls=halls, help_line=settings.HELP_LINE)
