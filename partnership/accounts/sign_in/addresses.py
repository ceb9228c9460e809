"""The IP address that a request comes from, also behind reverse proxies."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

NETWORK_BITS = 64  # an IPv6 customer controls at least a network of this size
SITE_BITS = 48  # the size commonly given to one customer; it holds 65,536 networks of 64 bits
UNKNOWN = "unknown"


def address_of(request: HttpRequest) -> str:
    """Return the client's IP address; for IPv6 its network of 64 bits.

    Each proxy appends the address of its client to X-Forwarded-For. With `TRUSTED_PROXIES` of our own proxies, the
    client's address is that many places from the end. Anybody can forge what stands before it.
    """
    address = _ip_address_of(request)
    if address is None:
        return UNKNOWN  # requests without a readable address share one count, which is the safe side
    if isinstance(address, IPv6Address):
        return str(ip_network((address, NETWORK_BITS), strict=False))
    return str(address)


def site_of(request: HttpRequest) -> str:
    """Return the client's IPv6 network of 48 bits; "" for other addresses."""
    address = _ip_address_of(request)
    if isinstance(address, IPv6Address):
        return str(ip_network((address, SITE_BITS), strict=False))
    return ""


def _ip_address_of(request: HttpRequest) -> IPv4Address | IPv6Address | None:
    """Return the client's address; ``None`` when it cannot be read. IPv4 addresses mapped to IPv6 are unwrapped."""
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    proxies = settings.TRUSTED_PROXIES
    if not proxies:
        text = request.META.get("REMOTE_ADDR", "")
    elif len(forwarded) >= proxies:
        text = forwarded[-proxies]
    else:
        text = UNKNOWN
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped
    return address
