"""The ledger: accounts, batches, entries, fund entries; corrections and proofs; benefits paid, balances taken over."""

from .benefits import BenefitPayment
from .corrections import Correction, CorrectionLine
from .ledger import Account, Batch, Entry, FundAccount, FundEntry, Reversal
from .proofs import Proof
from .takeovers import Takeover

__all__ = [
    "Account",
    "Batch",
    "BenefitPayment",
    "Correction",
    "CorrectionLine",
    "Entry",
    "FundAccount",
    "FundEntry",
    "Proof",
    "Reversal",
    "Takeover",
]
