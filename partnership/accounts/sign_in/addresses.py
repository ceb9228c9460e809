"""Where a request comes from, as far as it can be known behind proxies."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

HOUSE = 64  # bits: whoever has one IPv6 address has the whole network of it
SITE = 48  # bits: what one customer is commonly given, with 65,536 networks of 64 bits in it
UNKNOWN = "unknown"


def address_of(request: HttpRequest) -> str:
    """The address of whoever asks; for IPv6 the network they have to themselves.

    Each proxy writes the address it was asked from at the end of X-Forwarded-For, so the one that counts stands as far
    from the end as there are proxies of ours (`TRUSTED_PROXIES`). What stands before it anybody may have written.
    """
    address = _ip_address_of(request)
    if address is None:
        return UNKNOWN  # counted together, which is the safe side
    if isinstance(address, IPv6Address):
        return str(ip_network((address, HOUSE), strict=False))
    return str(address)


def site_of(request: HttpRequest) -> str:
    """Return the larger IPv6 network that the request comes from; "" for other addresses."""
    address = _ip_address_of(request)
    return str(ip_network((address, SITE), strict=False)) if isinstance(address, IPv6Address) else ""


def _ip_address_of(request: HttpRequest) -> IPv4Address | IPv6Address | None:
    """Return the address, an IPv4 address written as IPv6 as what it is; ``None`` when there is none to be read."""
    passed_on = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    proxies = settings.TRUSTED_PROXIES
    if proxies:
        found = passed_on[-proxies] if len(passed_on) >= proxies else UNKNOWN
    else:
        found = request.META.get("REMOTE_ADDR", "")
    try:
        address = ip_address(found)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
