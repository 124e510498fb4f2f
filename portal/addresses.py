"""Addresses of pages, each made once: the same few come again on every page."""

from functools import lru_cache

from django.urls import get_script_prefix, reverse

KEPT = 2_000


def address_of(name, args=(), kwargs=()):
    """The address of the page with this URL name; `kwargs`: pairs. Raises NoReverseMatch where there is none."""
    return _address(get_script_prefix(), name, args, kwargs)


@lru_cache(KEPT)
def _address(_prefix, name, args, kwargs):
    return reverse(name, args=args, kwargs=dict(kwargs))
