"""What is wrong with a run or a bundle, said about one file in plain words."""

from __future__ import annotations

from dataclasses import dataclass

from contracts.record.signed_words import on_one_line


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that is not as it has to be. ``file`` is named as it stands in the folder."""

    file: str
    problem: str

    def __str__(self) -> str:
        return on_one_line(f"{self.file}: {self.problem}")
