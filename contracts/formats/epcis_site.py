"""How a site names its things in EPCIS: lots, containers, units, places, parties, papers.

Everything is named by a GS1 Digital Link URI where it has a GS1 key. What has none gets a URI of
the site's own, which CBV allows; business papers are named by the site's GLN.
Source: CBV 2.0, 8.2 to 8.7 (identifiers); GS1 Digital Link, URI Syntax 1.2.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import quote

from contracts.formats.epcis_identifiers import Key
from contracts.model.identifiers import CSET_82, Digits, Gtin14, LotNumber, SerialNumber, Sscc

_EXTENSION = re.compile(rf"{CSET_82}{{1,20}}")


class Gln(Digits):
    """Place or party, AI (414) or (417): 13 digits with check digit."""

    __slots__ = ()
    pattern = r"^[0-9]{13}$"
    shape = "13 digits with a valid check digit (GLN)"


@dataclass(frozen=True)
class Site:
    """What a site's messages leave to its master data.

    ``gln`` is the site, as a place and as a party. ``gtins`` are by material id (a raw material
    without one of its own gets one from the site's range), ``lots`` the lot numbers by lot id, both
    for the messages that name only the id. ``root`` begins the URIs of what has no GS1 key.
    """

    gln: Gln
    root: str
    gtins: Mapping[str, Gtin14] = field(default_factory=dict)
    lots: Mapping[str, LotNumber] = field(default_factory=dict)

    def lot_class(
        self, material_id: str, lot_id: str, lot: LotNumber | None = None,
        gtin: Gtin14 | None = None,
    ) -> str:
        """The class of all that is of one lot."""
        item = gtin or self.gtins.get(material_id)
        number = lot or self.lots.get(lot_id)
        if item is None or number is None:
            return self._own("lot", lot_id)
        return _class_uri(item, number)

    def place(self, location_id: str) -> str:
        """A location: the site's GLN with the location as extension."""
        if not _EXTENSION.fullmatch(location_id):
            return self._own("place", location_id)
        return Key((("414", self.gln), ("254", location_id))).uri

    @property
    def party(self) -> str:
        """The site as a party."""
        return Key((("417", self.gln),)).uri

    def partner(self, party_id: str) -> str:
        """A customer or supplier, whose GLN no message tells."""
        return self._own("party", party_id)

    def paper(self, number: str) -> str:
        """A business document or act. Source: CBV 2.0, 8.5.2 (GLN-based identifier)."""
        return f"urn:epcglobal:cbv:bt:{self.gln}:{_quoted(number)}"

    def transformation(self, order_id: str) -> str:
        """What a production order makes of its inputs. Source: CBV 2.0, 8.6.2."""
        return f"urn:epcglobal:cbv:xform:{self.gln}:{_quoted(order_id)}"

    def _own(self, kind: str, number: str) -> str:
        return f"{self.root.rstrip('/')}/{kind}/{_quoted(number)}"


# What most names are made of needs no percent-encoding. Source: RFC 3986, 2.3.
_UNRESERVED = re.compile(r"[A-Za-z0-9_.~-]*")


def _quoted(name: str) -> str:
    return name if _UNRESERVED.fullmatch(name) else quote(name, safe="")


# A plant tells of few lots at a time.
@lru_cache(maxsize=256)
def _class_uri(item: Gtin14, lot: LotNumber) -> str:
    return Key((("01", item), ("10", lot))).uri


def unit_uri(sscc: Sscc) -> str:
    """A logistic unit or container."""
    return Key((("00", sscc),)).uri


def item_uri(gtin: Gtin14, serial: SerialNumber) -> str:
    """One serialised item."""
    return Key((("01", gtin), ("21", serial))).uri
