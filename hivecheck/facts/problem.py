"""Something malformed or missing in the evidence, kept as a fact. A bug of the evidence is reported, never raised."""

from hivecheck.facts.fact import fact
from hivecheck.facts.origin import Origin


@fact
class Problem:
    """`code` is stable (a script may match it), `message` is one sentence for the analyst.

    `loses_data` is True where part of the evidence could not be read: the program then ends with exit code 5.
    """

    code: str
    message: str
    because: tuple[Origin, ...] = ()
    loses_data: bool = False
