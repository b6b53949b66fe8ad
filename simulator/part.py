"""What every part of a plant file is made of: short names, texts, times, and the part itself."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

Name = Annotated[str, Field(pattern=r"^[A-Z0-9][A-Z0-9-]{0,23}$")]
Minutes = Annotated[int, Field(ge=0, le=1440)]


def _reason(text: str) -> str:
    if len("".join(text.split())) < 5:
        raise ValueError("a reason has at least five characters that are not blank")
    return text


Reason = Annotated[str, Field(max_length=500), AfterValidator(_reason)]


class Part(BaseModel):
    """A part of a plant file: nothing unknown in it, nothing changed after it was read."""

    model_config = ConfigDict(frozen=True, extra="forbid")
