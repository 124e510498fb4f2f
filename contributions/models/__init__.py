"""What was owed and what was paid."""

from .records import Assessment, Contribution

__all__ = ["Assessment", "Contribution"]
