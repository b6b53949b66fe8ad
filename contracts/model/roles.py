"""Who plays which part: the two systems, and the people who work with them."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """The part of a system on the interface."""

    MES = "mes"
    WMS = "wms"

    @property
    def partner(self) -> Role:
        """The system on the other side."""
        return Role.WMS if self is Role.MES else Role.MES


class Duty(StrEnum):
    """The role of a person; what it may do is the permission column of the operations."""

    PRODUCTION = "production"
    QUALITY = "quality"
    DISPENSER = "dispenser"
    PACKER = "packer"
    PICKER = "picker"
    RECEIVER = "receiver"
    COUNTER = "counter"
    SAMPLER = "sampler"
    SHIPPER = "shipper"
    SUPERVISOR = "supervisor"
    ANALYST = "analyst"
    TECHNICIAN = "technician"
    SUPPORT = "support"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
