"""The seals of the ledger: making them (making), proving them (proving), and the path of one leaf (paths).

What is sealed, byte by byte, and what a seal proves and does not: docs/seals.md.
"""

from .making import DayIsNotOver, days_to_seal, seal
from .paths import tree_of
from .proving import Proof, prove, prove_person

__all__ = ["DayIsNotOver", "Proof", "days_to_seal", "prove", "prove_person", "seal", "tree_of"]
