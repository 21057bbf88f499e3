"""A value that the word before it names: "passport no. X1234567", "my booking number is: QX7R2P"."""

# The small words and signs between a name and its value. Each ends where its word ends: "is" is not "island".
LINK = (
    r"(?:[ \n]{0,2}(?:(?:numbers?|nos?|nr|num|ids?|codes?|is|was|it'?s|its|are|of|my|the|would be|should be|as)\b\.?"
    r"|[#:=-])){0,4}[ \n:#(\"']{0,3}(?<!\w)"
)
# Letters and digits, at least one of them a digit: 5 to 25 in one word, dashes within.
CODE = r"(?=[A-Z-]{0,24}\d)[A-Z0-9](?:[A-Z0-9]|-(?=[A-Z0-9])){3,24}"


def named(words: str, value: str = CODE, link: str = LINK) -> str:
    """A pattern of `value` after one of `words`, with what `link` allows between them."""
    return rf"\b(?:{words}){link}(?P<value>{value})(?!\w)"
