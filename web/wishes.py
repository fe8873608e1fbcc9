"""Whether a customer may be called: what he asked for counts on every case of his, at once."""

from models.actions import Act, Attempt, Contact
from models.errors import WrongMove
from models.tables import CustomerRow


def require_heeded(act: Act, customer: CustomerRow) -> None:
    """Raises WrongMove for a call; the case itself may not have heard yet what he said on another one."""
    called = isinstance(act, Attempt) and act.channel is Contact.PHONE
    if called and customer.no_calls_since is not None:
        raise WrongMove("no_calls", "The customer asked not to be called: write or meet.")
