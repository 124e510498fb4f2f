"""Where a request comes from, as far as that can be known: the address that no visitor can make up."""

from ipaddress import ip_address, ip_network

from django.conf import settings

UNIX_SOCKET = "unix"


def source_of(request):
    """The visitor's IPv4 address or IPv6 network of 64 bits as text; "" where nothing sure is known.

    Only a proxy listed in TRUSTED_PROXIES is believed, entry by entry from the right: whatever stands further left in
    X-Forwarded-For was sent by the visitor.
    """
    address = _parsed(request.META.get("REMOTE_ADDR", ""))
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    while forwarded and _is_proxy(address):
        entry = _parsed(forwarded.pop().strip())
        if entry is None:
            break
        address = entry
    if address is None:
        return ""
    return str(ip_network((address, 64), strict=False)) if address.version == 6 else str(address)


def is_hall(source):
    """Whether many people share this source by right: a hall with kiosks, an office behind one address."""
    return bool(source) and any(ip_network(source).overlaps(hall) for hall in settings.HALL_ADDRESSES)


def _is_proxy(address):
    if address is None:
        return UNIX_SOCKET in settings.TRUSTED_PROXIES
    return any(n != UNIX_SOCKET and n.version == address.version and address in n for n in settings.TRUSTED_PROXIES)


def _parsed(text):
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
