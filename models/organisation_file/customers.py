"""Who is who, and what shares a case: as it is written, and once it is known to be good."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field, PlainValidator

from models.organisation_file.fields import STRICT
from models.organisation_file.grammar import one_of
from models.recognition import CaseKey, Identified, Recognition, WithoutAddress


def _each_once(written: list[Identified]) -> list[Identified]:
    if len(set(written)) < len(written):
        raise ValueError("is named twice; each can come once in the order")
    return written


class WrittenCustomers(BaseModel):
    model_config = STRICT
    identity: Annotated[
        list[Annotated[Identified, PlainValidator(one_of(Identified))]],
        Field(min_length=1),
        AfterValidator(_each_once),
    ] = list(Identified)
    case_key: Annotated[CaseKey, PlainValidator(one_of(CaseKey))] = CaseKey.CUSTOMER
    without_address: Annotated[WithoutAddress, PlainValidator(one_of(WithoutAddress))] = (
        WithoutAddress.REASON
    )


def recognition_of(written: WrittenCustomers) -> Recognition:
    return Recognition(tuple(written.identity), written.case_key, written.without_address)
