"""The people who are always there, whatever the size of the population: tests and the demo rely on them.

Their names and identity numbers never change: new ones are entered after all others. Their dates hang on the last
complete month (here: "last"), so that each shows what it shows whenever the files are made. Codes: Z… = why a balance
is zero or out of reach, else a state of a month.
"""

# In the order in which these people got their serial numbers.
from . import earning, leaving
from .offices import ADMINISTRATORS, FURTHER_STAFF, STAFF_NAMES, agent, agent_rows, staff_no, staff_rows
from .register import SPECIAL, lives_of, named

__all__ = [
    "ADMINISTRATORS",
    "FURTHER_STAFF",
    "SPECIAL",
    "STAFF_NAMES",
    "agent",
    "agent_rows",
    "earning",
    "leaving",
    "lives_of",
    "named",
    "staff_no",
    "staff_rows",
]
