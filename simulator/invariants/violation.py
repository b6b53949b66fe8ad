"""A difference between truth and record, told so that a person can find it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Violation:
    """What does not fit. ``first_message`` is the message that opened the gap."""

    subject: str
    expected: str
    observed: str
    first_message: str
    lot: str = ""
    quantity: str = ""

    def __str__(self) -> str:
        return (
            f"{self.subject}: expected {self.expected}, observed {self.observed} "
            f"(opened by {self.first_message})"
        )


@dataclass
class Judgement:
    """What an oracle found, how many things it compared, and what else it saw, in words."""

    checked: int = 0
    violations: list[Violation] = field(default_factory=list)
    seen: str = ""

    def compare(self, holds: bool, violation: Violation) -> None:
        """Count one comparison, and the violation where it does not hold."""
        self.checked += 1
        if not holds:
            self.violations.append(violation)
