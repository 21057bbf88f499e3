"""What a check finds besides that all is well."""

from tactful.errors import TactfulError


class Wrong(TactfulError):
    """It does not work, or soon will not, or somebody can see what they must not."""

    code = "wrong"


class Doubtful(TactfulError):
    """It works, and somebody should look."""

    code = "doubtful"
