"""The words of the organisation for the ids on the board, in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from models.labels import Label
from models.organisation import Organisation, word
from models.spelling import plain


@dataclass(frozen=True, slots=True)
class Names:
    """By id. An id that the organisation does not know any more stands for itself."""

    regions: Mapping[str, str]
    trades: Mapping[str, str]
    causes: Mapping[str, str]

    def region(self, id_: str | None) -> str:
        return self.regions.get(id_, id_) if id_ else ""

    def trade(self, id_: str | None) -> str:
        return self.trades.get(id_, id_) if id_ else ""

    def cause(self, id_: str | None) -> str:
        return self.causes.get(id_, id_) if id_ else ""

    def regions_for(self, chosen: str | None) -> list[tuple[str, str]]:
        """To choose from, by name; who named none is not among them."""
        return _choices(self.regions, chosen)

    def trades_for(self, chosen: str | None) -> list[tuple[str, str]]:
        return _choices(self.trades, chosen)


def names_in(
    organisation: Organisation, language: str, *, gone: Mapping[str, Label] = MappingProxyType({})
) -> Names:
    """`gone` are causes that have left the tree, by the last name that they had."""

    def read(labels: Mapping[str, Label]) -> dict[str, str]:
        return {id_: word(label, language) or id_ for id_, label in labels.items()}

    causes = {**gone, **{cause.id: cause.label for cause in organisation.walk_causes()}}
    return Names(read(organisation.region_labels()), read(organisation.trades), read(causes))


def _choices(labels: Mapping[str, str], chosen: str | None) -> list[tuple[str, str]]:
    known = dict(labels) | ({chosen: chosen} if chosen and chosen not in labels else {})
    return sorted(known.items(), key=lambda each: plain(each[1]))
