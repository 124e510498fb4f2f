"""The seals of the ledger: making them (making), proving them (proving), and the path of one leaf (paths).

What is sealed, byte by byte, and what a seal proves and does not: docs/seals.md.
"""

from .making import DayIsNotOver, days_to_seal, seal

__all__ = ["DayIsNotOver", "days_to_seal", "seal"]
