"""The site profile: every limit that a system runs with, and why it is what it is."""

from __future__ import annotations

from datetime import date

from contracts.model.wire_model import WireModel


class ProfileValue(WireModel):
    """One value: what the system runs with, what was approved, and everything that it rests on.

    A text that is empty, or a day that is not there, is missing; a reader has to be able to see
    that.
    """

    name: str
    value: str
    approved_value: str = ""
    rationale: str = ""
    risk_item: str = ""
    owner: str = ""
    change_id: str = ""
    """The change under which it was approved."""
    approved_by: str = ""
    approved_on: date | None = None


class SiteProfile(WireModel):
    """All values, in the order of their names. Source: URS-CHG-006."""

    rows: tuple[ProfileValue, ...]
