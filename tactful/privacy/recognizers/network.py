"""Where a device is: IP and MAC addresses, precise coordinates."""

from tactful.privacy.recognizers.named import named
from tactful.privacy.recognizers.patterns import recognizer

_BYTE = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
_HEX = r"[0-9a-f]{1,4}"

IP = recognizer(
    "ip address",
    "IP_ADDRESS",
    rf"(?<![\w.])(?<!version )(?:{_BYTE}\.){{3}}{_BYTE}(?:/\d{{1,2}})?(?!\w|\.\w)",
    rf"(?<![\w:])(?:{_HEX}:){{7}}{_HEX}(?![\w:])",
    score=0.9,
    digits=1,
)
IP6_SHORT = recognizer(
    "short ip address",
    "IP_ADDRESS",
    rf"(?<![\w:])(?=[0-9a-f:]{{0,39}}\d)(?:{_HEX}(?::{_HEX}){{0,6}})?::(?:{_HEX}(?::{_HEX}){{0,6}})?(?:(?<=:)(?:{_BYTE}\.){{3}}{_BYTE})?(?:%\w{{1,15}})?(?:/\d{{1,3}})?(?![\w:])",
    score=0.9,
    digits=1,
    signs=("::",),
)
MAC = recognizer(
    "mac address",
    "MAC_ADDRESS",
    r"(?<![\w:-])[0-9a-f]{2}([:-])(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}(?![\w:-])",
    r"(?<![\w.])[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}(?![\w.])",
    named(r"mac(?: address)?", r"[0-9a-f]{12}"),
    score=0.9,
    digits=1,
)
_DEGREES = r"\d{1,3} ?[°º] ?(?:\d{1,2} ?['’′] ?)?(?:\d{1,2}(?:[.,]\d{1,6})? ?(?:[\"”″]|'') ?)?"
COORDINATES = recognizer(
    "coordinates",
    "COORDINATES",
    r"(?<![\w.])-?\d{1,3}\.\d{4,15} ?°? ?[NS]?(?: ?[,;/] ?| )-?\d{1,3}\.\d{4,15} ?°? ?[EW]?(?![\w.])",
    rf"(?<![\w.]){_DEGREES}[NS][ ,;/]{{0,3}}{_DEGREES}[EWO](?!\w)",
    r"(?<![\w.])\d{1,2} \d{1,2} \d{1,2}(?:\.\d{1,6})? ?[NS],? \d{1,3} \d{1,2} \d{1,2}(?:\.\d{1,6})? ?[EW](?!\w)",
    r"\blat(?:itude)?\"?[ :=]{1,3}(?P<value>-?\d{1,2}\.\d{2,15}[ ,;&\"]{1,4}(?:long?|lng|longitude)\"?[ :=]{1,3}-?\d{1,3}\.\d{2,15})",
    score=0.9,
    digits=4,
)

NETWORK = [IP, IP6_SHORT, MAC, COORDINATES]
