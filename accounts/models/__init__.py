"""The ledger: accounts, batches, entries, fund entries; what proves it; records of what moved money."""

from .benefits import BenefitPayment
from .corrections import Correction, CorrectionLine
from .interest import InterestCredit, InterestPreview, InterestTerms, InterestYear
from .ledger import Account, Batch, Entry, FundAccount, FundEntry, Reversal
from .log_seals import LogChunk, LogLeaf, LogSeal
from .marks import Mark
from .movements import Closure, Movement, Relation, Spending
from .proofs import Proof
from .seals import Seal, SealedBatch, SealedChunk, SealedLeaf
from .statements import ClosedYear, Statement
from .takeovers import Takeover
from .transfers import Direction, Transfer, TransferEvent, TransferState

__all__ = [
    "Account",
    "Batch",
    "BenefitPayment",
    "ClosedYear",
    "Closure",
    "Correction",
    "CorrectionLine",
    "Direction",
    "Entry",
    "FundAccount",
    "FundEntry",
    "InterestCredit",
    "InterestPreview",
    "InterestTerms",
    "InterestYear",
    "LogChunk",
    "LogLeaf",
    "LogSeal",
    "Mark",
    "Movement",
    "Proof",
    "Relation",
    "Reversal",
    "Seal",
    "SealedBatch",
    "SealedChunk",
    "SealedLeaf",
    "Spending",
    "Statement",
    "Takeover",
    "Transfer",
    "TransferEvent",
    "TransferState",
]
