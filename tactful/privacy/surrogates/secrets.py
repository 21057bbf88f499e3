"""What software signs in with: another key of the same make, which opens nothing."""

import re

from tactful.privacy.surrogates.draw import Draw
from tactful.privacy.surrogates.shape import scrambled

# What says of which make a secret is, and is the same in all of them.
_STAYS = re.compile(
    r"""-----[A-Z ]{1,40}-----
    | \b[a-z][a-z0-9+]{1,20}://
    | \b(?:Bearer|Basic|Token)\s
    | \b(?:A[KS]IA|AIza|ya29\.|eyJ|SG\.|npm_|pypi-|dop_v1_|glpat-|github_pat_|gh[pousr]_|xox[abeoprs]-|hf_)
    | \b(?:sk|pk|rk|whsec|wf|api|key|tok|token|secret|pat|live|test|prod)(?:[_-](?:live|test|prod|ant|proj))?[_-]""",
    re.VERBOSE,
)


def secret(value: str, draw: Draw) -> str:
    """The same prefix, the same alphabet and length, signs where they were."""
    parts, at = list[str](), 0
    for prefix in _STAYS.finditer(value):
        parts += [scrambled(value[at : prefix.start()], draw), prefix[0]]
        at = prefix.end()
    return "".join([*parts, scrambled(value[at:], draw)])
