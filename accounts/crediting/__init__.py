"""Crediting interest to personal accounts, set-based (docs/interest.md)."""

from .run import CHUNK, EarlierYearMissing, Result, credit_year, outdated, settle
from .terms import Group, NoRate

__all__ = ["CHUNK", "EarlierYearMissing", "Group", "NoRate", "Result", "credit_year", "outdated", "settle"]
