"""Any JSON: its places are the references, and the mapping of the source says what each one means."""

from collections.abc import Sequence

from models.submissions import Heard, Submission
from surveys.json_body import read_object
from surveys.understanding import flattened


def read(body: bytes) -> Sequence[Heard]:
    """Raises NotUnderstood. Which response of which survey it is, the mapping says too."""
    return (Submission("", "", values=flattened(read_object(body))),)
