"""Which vendors can be asked, by the kind of the source."""

from collections.abc import Mapping
from types import MappingProxyType

from surveys import qualtrics_api, surveymonkey_api, typeform_api
from surveys.asking import Api

APIS: Mapping[str, Api] = MappingProxyType(
    {
        "qualtrics": qualtrics_api.API,
        "surveymonkey": surveymonkey_api.API,
        "typeform": typeform_api.API,
    }
)
