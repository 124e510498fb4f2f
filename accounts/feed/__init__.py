"""The feed files that end in the ledger, one module per subject.

Each kind is posted by the patterns of docs/ledger.md: batches, entries and fund rows as SELECTs over the new lines.
"""

from accounts.closed_years import refusing_closed_years
from contributions.feed import ASSESSMENTS

from .benefits import BENEFITS
from .closures import CLOSURES
from .contributions import CONTRIBUTIONS
from .movements import MOVEMENTS
from .openings import OPENINGS
from .spending import SPENDING
from .transfers import TRANSFERS

# In the order in which one kind needs another: what fills an account stands before what empties it.
KINDS = refusing_closed_years(
    [OPENINGS, ASSESSMENTS, *CONTRIBUTIONS, BENEFITS, MOVEMENTS, SPENDING, TRANSFERS, CLOSURES]
)
