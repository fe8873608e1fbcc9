"""What the carrier asks for messages and calls: as it is written, and once it is known to be good."""

from typing import Annotated

from pydantic import BaseModel, PlainValidator

from models.organisation_file.fields import STRICT
from models.organisation_file.grammar import read_price
from models.postage import Prices

Price = Annotated[int, PlainValidator(read_price)]


class WrittenPrices(BaseModel):
    model_config = STRICT
    segment: Price
    minute: Price


def prices_of(written: WrittenPrices | None, currency: str) -> Prices | None:
    return Prices(written.segment, written.minute, currency) if written else None
