"""A periodic review: its material on paper, and the review as a person signs it.

Source: URS-CHG-004; EU GMP Annex 11 §11; 21 CFR 11.70.
"""

from __future__ import annotations

from collections.abc import Iterator

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from contracts.model.instants import write_timestamp
from contracts.record.reviews import PeriodicReview, ReviewMaterial
from reports.baselines import ApprovalRefused
from reports.completeness import DocumentIncomplete
from reports.list_read_back import listed
from reports.long_list import ListText, print_list
from reports.signed_papers import Paper

REVIEW_TYPE = "https://gxproof.example/review/v1"
_FOOT = "Digest of the material:"
_REVIEW = Paper(
    REVIEW_TYPE, PeriodicReview, lambda review: {"review.json": review.material_sha256},
    ApprovalRefused, "it is no periodic review", "it is signed over another material than it names",
)


def sign_review(review: PeriodicReview, key: Ed25519PrivateKey) -> bytes:
    """The envelope that a person's key makes of a review; its subject is the material."""
    return _REVIEW.sign(review, key)


def open_review(raw: bytes, key: Ed25519PublicKey) -> PeriodicReview:
    """Open a review. Raises: ApprovalRefused."""
    return _REVIEW.open(raw, key)


def print_material(material: ReviewMaterial) -> bytes:
    """The PDF of the material, every entry of every topic. Raises: DocumentIncomplete."""
    text = ListText(
        f"Periodic review of {material.target}", tuple(_opening(material)),
        f"{_FOOT} {material.sha256}",
    )
    lines = [f"{topic}: {entry}" for topic, entries in material.topics.items()
             for entry in entries]
    pdf = print_list(text, lines)
    shown = listed(pdf, _FOOT, lines)
    if shown != len(lines):
        raise DocumentIncomplete(f"review: {shown} of {len(lines)} entries stand on paper")
    return pdf


def _opening(material: ReviewMaterial) -> Iterator[str]:
    yield (f"from {write_timestamp(material.covers_from)} until "
           f"{write_timestamp(material.covers_until)}")
    yield "read: " + ", ".join(f"{n} rows of {name}" for name, n in material.read.items())
    for topic, entries in material.topics.items():
        yield f"{topic}: {len(entries)} entries to assess"
