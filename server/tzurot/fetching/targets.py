"""Which addresses anybody may have fetched: https, by name, at a public address.

Read `parse` for what is written in an address, `is_public` for what its name stands for. Both list
what is let through; the networks below are what has to be cut out of that.
"""

import ipaddress
import re

import httpx2

from tzurot.fetching.refusals import FetchRefused, Problem

HTTPS_PORT = 443

# A full name, as in RFC 1123 with the underscore of the field; its last label begins with a letter.
# No number gets through, in any notation that a system's resolver knows: 127.1, 0x7f.1, 2130706433.
_NAME = re.compile(
    r"(?=.{4,253}\Z)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]\Z"
)

# IANA special-purpose registries (RFC 6890), less what lies outside of unicast anyway.
_SPECIAL_IPV4 = [
    ipaddress.IPv4Network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT; Alibaba's metadata at 100.100.100.200
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure's wire server: a public address, answered by the host itself
        "169.254.0.0/16",  # link-local; most clouds' metadata at 169.254.169.254
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # relays of 6to4
        "192.168.0.0/16",
        "198.18.0.0/15",  # benchmarking
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
]
# Only this much of IPv6 is global unicast: no ::1, no fc00::/7, fe80::/10, ff00::/8, and none of
# the prefixes that carry an IPv4 address (::ffff:0:0/96, 64:ff9b::/96, 64:ff9b:1::/48).
_UNICAST_IPV6 = ipaddress.IPv6Network("2000::/3")
_SPECIAL_IPV6 = [
    ipaddress.IPv6Network(network)
    for network in (
        "2001::/23",  # protocols: Teredo 2001::/32, benchmarking 2001:2::/48, ORCHID 2001:20::/28
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: an IPv4 address inside
        "3ffe::/16",  # 6bone, given back
        "3fff::/20",  # documentation
    )
]


def parse(written: str) -> httpx2.URL:
    """What somebody wrote, as the address to ask: with an ASCII name and without a fragment.

    Raises:
        FetchRefused: NOT_HTTPS or BAD_ADDRESS.
    """
    try:
        url = httpx2.URL(written)
    except (httpx2.InvalidURL, ValueError) as error:
        raise FetchRefused(Problem.BAD_ADDRESS, "This is not an address of a file.") from error
    return _checked(url)


def redirected(url: httpx2.URL, location: str) -> httpx2.URL:
    """Where `url` sends to, which is held to the same rules.

    Raises:
        FetchRefused: NOT_HTTPS or BAD_ADDRESS.
    """
    try:
        target = url.join(location)
    except (httpx2.InvalidURL, ValueError) as error:
        raise FetchRefused(
            Problem.BAD_ADDRESS, f"{url.host} sends to something that is not an address."
        ) from error
    return _checked(target)


def is_public(address: str) -> bool:
    """Whether everybody on the internet reaches the same machine by this numeric address."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv4Address):
        return parsed.is_global and not any(parsed in network for network in _SPECIAL_IPV4)
    if parsed.scope_id is not None or parsed not in _UNICAST_IPV6:
        return False
    return parsed.is_global and not any(parsed in network for network in _SPECIAL_IPV6)


def _checked(url: httpx2.URL) -> httpx2.URL:
    if url.scheme != "https":
        raise FetchRefused(Problem.NOT_HTTPS, "Only addresses with https:// are fetched.")
    if url.userinfo:
        raise FetchRefused(
            Problem.BAD_ADDRESS, "The address must not have a user or password inside."
        )
    if url.port not in {None, HTTPS_PORT}:
        raise FetchRefused(Problem.BAD_ADDRESS, "The address must not name a port.")
    # The name that is looked up is the name that the certificate must have: no dot at the end.
    name = url.raw_host.decode("ascii").removesuffix(".")
    if not _NAME.match(name):
        raise FetchRefused(
            Problem.BAD_ADDRESS, "The address must have a full name, such as files.example.com."
        )
    return url.copy_with(host=name, port=None, fragment=None)
