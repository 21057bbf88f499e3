"""Client addresses, as limits count them, and whose word about them is believed."""

import ipaddress
from collections.abc import Iterable


def network(address: str) -> str:
    """The address, or the /64 that an IPv6 address is in: who has one has 2^64 of them."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, 64), strict=False))


class Proxies:
    """The reverse proxies in front of the door: addresses and networks, `*` for whoever comes."""

    def __init__(self, named: Iterable[str] = ()) -> None:
        given = [each.strip() for each in named if each.strip()]
        self._everybody = "*" in given
        self._networks = [ipaddress.ip_network(each, strict=False) for each in given if each != "*"]

    def __contains__(self, address: str) -> bool:
        if self._everybody or not address:  # a socket in the file system has no address: only a proxy uses it
            return True
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(parsed in each for each in self._networks)
