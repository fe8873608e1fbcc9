"""What Twilio answers who asks after a call of ours."""

from collections.abc import Sequence

from models.bridge import Leg
from models.call_forms import Told, read_resource
from twilio_client import CALLS, TwilioClient


class TwilioCalls:
    def __init__(self, client: TwilioClient) -> None:
        self._client = client

    async def look_up(self, sid: str) -> Sequence[Told]:
        """Of the colleague's leg, and of the customer's where there was one. Empty where Twilio does not say.

        Raises CarrierBusy, CarrierUnclear.
        """
        answer = await self._client.get(f"{CALLS}/{sid}")
        if not answer.good:
            return ()
        told = list(read_resource(Leg.DIRECTOR, answer.said))
        below = await self._client.get(CALLS, {"ParentCallSid": sid, "PageSize": "20"})
        children = below.said.get("calls")
        for child in children if isinstance(children, list) else ():
            if isinstance(child, dict):
                told += read_resource(Leg.CUSTOMER, child)
        return told
