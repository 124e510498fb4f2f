"""The ledger: accounts, batches, entries, fund entries; and the records of the lines that moved money on accounts."""

from .benefits import BenefitPayment
from .ledger import Account, Batch, Entry, FundAccount, FundEntry, Reversal
from .movements import Closure, Movement, Relation, Spending
from .takeovers import Takeover
from .transfers import Direction, Transfer, TransferEvent, TransferState

__all__ = [
    "Account",
    "Batch",
    "BenefitPayment",
    "Closure",
    "Direction",
    "Entry",
    "FundAccount",
    "FundEntry",
    "Movement",
    "Relation",
    "Reversal",
    "Spending",
    "Takeover",
    "Transfer",
    "TransferEvent",
    "TransferState",
]
