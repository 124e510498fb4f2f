"""The seals of the ledger: making them (making), proving them (proving), the path of one leaf (paths); and those of
the access log (log).

What is sealed, byte by byte, and what a seal proves and does not: docs/seals.md.
"""

from .log import LogProof, log_days_to_seal, prove_log, prove_looks_of, seal_log
from .making import DayIsNotOver, days_to_seal, seal
from .paths import tree_of
from .proving import Proof, prove, prove_person

__all__ = [
    "DayIsNotOver",
    "LogProof",
    "Proof",
    "days_to_seal",
    "log_days_to_seal",
    "prove",
    "prove_log",
    "prove_looks_of",
    "prove_person",
    "seal",
    "seal_log",
    "tree_of",
]
