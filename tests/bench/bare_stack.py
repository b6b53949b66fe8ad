"""The yardstick: FastAPI, a pydantic model of the same message, and as many rows by the driver.

What a careful developer writes first: every member with its type, the identifiers as short texts,
quantities as decimals; no rule between members, and none of the controls.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from fastapi import FastAPI
from pydantic import BaseModel, Field

from contracts.wire.asgi import AsgiTransport

Insert = Callable[[list[tuple[str, int, str]]], None]
Name = Annotated[str, Field(min_length=1, max_length=64)]


class Amount(BaseModel):
    """An amount with its unit."""

    value: Decimal
    unit: Literal["KGM", "GRM", "LTR", "MLT", "C62"]


class Weighed(BaseModel):
    """What the scale showed."""

    gross: Amount
    tare: Amount
    scaleId: Name  # noqa: N815 - the names of the message
    calibrationDue: date | None = None  # noqa: N815


class Verified(BaseModel):
    """Who verified it."""

    signatureId: Name  # noqa: N815
    personId: Name  # noqa: N815
    printedName: str  # noqa: N815
    role: Name
    meaning: str
    signedAt: datetime  # noqa: N815


class Issued(BaseModel):
    """The data of ``material-issued``."""

    issueId: Name  # noqa: N815
    mode: Literal["REAL_TIME", "BACKFLUSH"]
    orderId: Name  # noqa: N815
    lineId: Name  # noqa: N815
    materialId: Name  # noqa: N815
    lotId: Name  # noqa: N815
    lot: Name
    sourceContainer: Name  # noqa: N815
    toContainer: Name | None = None  # noqa: N815
    quantity: Amount
    potency: Decimal | None = None
    weighing: Weighed | None = None
    verification: Verified | None = None
    issuedAt: datetime  # noqa: N815
    issuedBy: Name  # noqa: N815
    station: Name


class Message(BaseModel):
    """The envelope."""

    specversion: Literal["1.0"]
    id: Name
    source: str
    type: str
    subject: str
    time: datetime
    datacontenttype: str
    dataschema: str
    sequence: str
    subjectsequence: str
    correlationid: Name
    data: Issued


def bare(insert: Insert, rows: int) -> AsgiTransport:
    """Takes a message and inserts ``rows`` rows with its data in one transaction."""
    app = FastAPI()

    @app.post("/post")
    async def post(body: Message) -> dict[str, str]:
        text = body.data.model_dump_json()
        insert([(body.id, part, text) for part in range(rows)])
        return {"status": "ACCEPTED", "messageId": body.id}

    return AsgiTransport(app, "bench")
