"""The ledger: accounts, batches, entries, fund entries; benefits paid, balances taken over, and the seals of days."""

from .benefits import BenefitPayment
from .ledger import Account, Batch, Entry, FundAccount, FundEntry, Reversal
from .seals import Seal, SealedBatch, SealedChunk, SealedLeaf
from .takeovers import Takeover

__all__ = [
    "Account",
    "Batch",
    "BenefitPayment",
    "Entry",
    "FundAccount",
    "FundEntry",
    "Reversal",
    "Seal",
    "SealedBatch",
    "SealedChunk",
    "SealedLeaf",
    "Takeover",
]
