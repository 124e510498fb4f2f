"""Back to the page somebody came from, and never to anybody else's site."""

from urllib.parse import urlencode, urlsplit

from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


def is_ours(request, target):
    return url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())


def way_back(request, otherwise="home"):
    """The page named by `next` in form or address, if it is ours; else that of the URL name, "" where there is none."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    return target if is_ours(request, target) else otherwise and reverse(otherwise)


def page_of(request):
    """The page to come back to: the one asked for, or the one whose form was just sent; "" where that is not known."""
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    sender = urlsplit(request.headers.get("Referer", ""))
    if sender.netloc != request.get_host():
        return ""
    return f"{sender.path}?{sender.query}" if sender.query else sender.path


def detour(request, address, why="", passive=False):
    """`address`, which is to lead back to this page, with the reason for it; a deed is said to be undone."""
    words = {"why": why, "next": page_of(request)}
    if request.method == "POST" and not passive:
        words["undone"] = "1"
    return f"{address}?{urlencode({name: value for name, value in words.items() if value})}"
