"""Words of packing: what a label is for, and where it stands in its life."""

from __future__ import annotations

from enum import StrEnum


class UnitKind(StrEnum):
    """What a logistic label stands on."""

    CASE = "CASE"
    PALLET = "PALLET"


class LabelState(StrEnum):
    """Where a printed label stands. Only a verified one may be applied; three states are final.

    VOID: superseded by a reprint of the same SSCC. SPOILED: its SSCC is decommissioned.
    """

    ISSUED = "ISSUED"
    VERIFIED = "VERIFIED"
    APPLIED = "APPLIED"
    SPOILED = "SPOILED"
    VOID = "VOID"


class LabelLocale(StrEnum):
    """The language and country by whose customs the words of a label are written."""

    EN_GB = "en-GB"
    DE_CH = "de-CH"
    DE_DE = "de-DE"
    FR_FR = "fr-FR"
    EL_GR = "el-GR"
    JA_JP = "ja-JP"


class LabelEncoding(StrEnum):
    """The character set in which a printer is sent the words of a label."""

    UTF_8 = "UTF-8"
    WINDOWS_1252 = "windows-1252"
