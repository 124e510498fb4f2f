"""What a kind of feed file is: its columns, its key, its checks and how its rows are stored.

Each room declares the kinds it reads in its own `feed.py` (`KINDS = [...]`); portal/feed.py joins them in load order.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True)
class Reject:
    """One complaint about a file. `column` is a staging name of the kind, or empty where the row as a whole is wrong.

    `row` is the line in the file or sheet, the header being line 1; 0 means the file as a whole. `expected` is a
    sentence in the active language. The report masks `value` where the column is personal.
    """

    row: int
    column: str
    value: str
    expected: str


@dataclass(frozen=True)
class Stored:
    """How many lines of a file were new, already there with the same content, or (records only) changed."""

    added: int
    already_there: int
    changed: int = 0

    def __add__(self, other):
        return Stored(self.added + other.added, self.already_there + other.already_there, self.changed + other.changed)


@dataclass(frozen=True)
class Kind:
    """A kind of feed file.

    `key`: staging names that may occur only once in a file (person_id and employer_id included where they belong).
    `checks`: functions (cursor, table) -> iterable of Reject over the typed staging table.
    `store`: function (cursor, table, feed_file_id) -> Stored; runs after every check passed, in the file's transaction.
    `store_several`: function (cursor, table) -> {feed_file_id: Stored} for files staged together (rows.py); None for a
    kind whose files always stand alone.
    `amounts`: the money columns whose sum is the file's total (kinds with a control row).
    `source`: the kind of SourceState that a refused file of this kind puts in doubt; empty for none.
    `states_sources`: whether the file itself says how far sources reach.
    """

    name: str
    title: str
    columns: tuple
    key: tuple[str, ...]
    store: Callable[[object, str, int], Stored]
    checks: tuple[Callable[[object, str], Iterable[Reject]], ...] = ()
    store_several: Callable[[object, str], dict[int, Stored]] | None = None
    has_control_total: bool = False
    amounts: tuple[str, ...] = ()
    source: str = ""
    states_sources: bool = False
    raw_table: str = field(init=False)
    typed_table: str = field(init=False)

    def __post_init__(self):
        object.__setattr__(self, "raw_table", f"feed_raw_{self.name}")
        object.__setattr__(self, "typed_table", f"feed_typed_{self.name}")

    @property
    def speaks_for_sources(self):
        return bool(self.source) or self.states_sources

    @cached_property
    def titles(self):
        """Every header a file of this kind may have, in the order of the template."""
        return tuple(title for column in self.columns for title in column.titles)

    @cached_property
    def required_titles(self):
        return frozenset(title for column in self.columns if not column.may_be_absent for title in column.titles)

    def fits(self, header):
        """Whether a set of headers is this kind's: all that must be there, nothing else, no column in part."""
        if not self.required_titles <= header <= set(self.titles):
            return False
        return all(len(header.intersection(column.titles)) in {0, len(column.titles)} for column in self.columns)

    @cached_property
    def title_of(self):
        """Header by staging name."""
        return {name: title for column in self.columns for name, title in column.title_by_name.items()}

    @cached_property
    def personal_names(self):
        """Staging names whose values reports mask."""
        return frozenset(name for column in self.columns if column.is_personal for name in column.title_by_name)
