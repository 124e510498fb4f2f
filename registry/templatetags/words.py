"""How figures, months, days and identities are written on every page (ux.md §1.3).

The filters return short HTML that keeps a figure on one line and carries its machine form. In a `<title>`, an
attribute or a plain text, add `|striptags`.
"""

from decimal import Decimal
from functools import cache, lru_cache

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language, gettext, ngettext, pgettext

from registry import identity

register = template.Library()
# Writing a date costs as much as the rest of its table's cell, and the same dates come again on every page.
DAYS_KEPT = 10_000


@register.filter
def money(amount):
    """Decimal yuan as `131,415.92`, for table cells whose head names the unit; nothing for None.

    A zero is never put in the place of an unknown amount, and a binary float is refused with TypeError.
    """
    if amount is None:
        return ""
    if isinstance(amount, float):
        raise TypeError("An amount of money is a Decimal, never a float.")
    return f"{Decimal(amount):,.2f}"


@register.filter
def yuan(amount):
    """Decimal yuan with its unit: `131,415.92 元`, in English `CNY 131,415.92`; nothing for None."""
    if amount is None:
        return ""
    # Translators: an amount of money with its unit.
    text = pgettext("amount", "CNY %(amount)s") % {"amount": money(amount)}
    return format_html('<data value="{}">{}</data>', f"{Decimal(amount):.2f}", text)


@register.filter
def month(value):
    """A month (date of its first day) as `2026年10月`, in English `Oct 2026`; nothing for None."""
    return _month(value, get_language()) if value else ""


@lru_cache(DAYS_KEPT)
def _month(value, language):
    # Translators: a month of a year, in Django's date format characters.
    text = format_date(value, pgettext("date format", "M Y"))
    return format_html('<time datetime="{}">{}</time>', f"{value:%Y-%m}", text)


@register.filter
def day(value):
    """A date as `2026年11月21日`, in English `21 Nov 2026`; nothing for None."""
    return _day(value, get_language()) if value else ""


@lru_cache(DAYS_KEPT)
def _day(value, language):
    # Translators: a day, in Django's date format characters.
    text = format_date(value, pgettext("date format", "j M Y"))
    return format_html('<time datetime="{}">{}</time>', f"{value:%Y-%m-%d}", text)


@register.simple_tag
def source(as_of, agency):
    """What stands under each figure: up to which month the data reach, and the agency that answers for them.

    Either may be missing (None or ""), and is then left out.
    """
    # By its name, for an Agency is equal to itself under another name.
    return _source(as_of, str(agency or ""), get_language())


@lru_cache(DAYS_KEPT)
def _source(as_of, agency, language):
    told = []
    if as_of:
        told.append(format_html(gettext("As of {as_of}"), as_of=month(as_of)))
    if agency:
        told.append(format_html(gettext("Source: {agency}"), agency=agency))
    spans = format_html_join(" ", "<span>{}</span>", ((each,) for each in told))
    return format_html('<p class="source">{}</p>', spans) if told else ""


@register.simple_tag
def icon(insurance):
    """The picture of an insurance (its value), beside which its name stands."""
    return _icon(str(insurance))


@cache
def _icon(insurance):
    return format_html('<img src="{}" alt="" width="36" height="36">', static(f"img/{insurance}.svg"))


@register.filter
def moment(value):
    """An aware datetime in local time as `2026年11月20日 09:12`; nothing for None."""
    if not value:
        return ""
    local = timezone.localtime(value)
    # Translators: a day and a time of day, in Django's date format characters.
    text = format_date(local, pgettext("date format", "j M Y, H:i"))
    return format_html('<time datetime="{}">{}</time>', local.isoformat(timespec="minutes"), text)


@register.filter
def duration(months):
    """A number of months in both forms, since the rules count months: `11 年 1 个月（133 个月）`."""
    years, rest = divmod(months, 12)
    in_months = ngettext("%(months)d month", "%(months)d months", months) % {"months": months}
    if years == 0:
        return in_months
    in_years = ngettext("%(years)d year", "%(years)d years", years) % {"years": years}
    if rest:
        in_years += " " + ngettext("%(months)d month", "%(months)d months", rest) % {"months": rest}
    # Translators: a duration in years and months, and the same in months alone.
    return gettext("%(in_years)s (%(in_months)s)") % {"in_years": in_years, "in_months": in_months}


@register.filter
def masked_id(number):
    """An identity number for the screen, `110101********1233`, kept in one piece."""
    return format_html('<bdi class="id">{}</bdi>', identity.masked(number))


@register.filter
def whole_id(number):
    """An identity number in full for its owner's papers, a citizen number grouped 6-8-4."""
    if len(number) == identity.CITIZEN_LENGTH:
        number = f"{number[:6]} {number[6:14]} {number[14:]}"
    return format_html('<bdi class="id">{}</bdi>', number)


@register.filter
def masked_name(name):
    """A name for lists and banners on the screen: `王*明`."""
    return format_html("<bdi>{}</bdi>", identity.masked_name(name))
