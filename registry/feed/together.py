"""Small files of one kind, staged and posted in one transaction: what a transaction costs is paid once for all of them.

This is for files in which nothing is wrong. At the first complaint about any of them the transaction is undone and
nothing is said; the run then loads them apart (run.py), so that each is refused or accepted as if it had come alone.
"""

import os

from django.db import DataError, IntegrityError, connection, transaction

from registry.models import FeedFile

from . import staging
from .files import digest_of, opened, sheet_of
from .loader import NOTHING, FeedLoad, kind_named, next_ids, refresh_sources
from .rejects import FileRefused, Rejects
from .rows import first_row

# A larger file gains nothing from company; a larger group would only lose more when one of it is wrong.
MOST_BYTES_OF_A_FILE, MOST_BYTES_OF_A_GROUP, MOST_FILES = 1 << 18, 1 << 22, 256


class _Apart(Exception):
    """These files have to be loaded one by one."""


def in_groups(files):
    """Yield lists of neighbours among the Waiting `files` that may be loaded together, in the same order."""
    group, size = [], 0
    for file in files:
        has_room = len(group) < MOST_FILES and size + file.size <= MOST_BYTES_OF_A_GROUP
        if group and not (has_room and _may_join(group[-1], file)):
            yield group
            group, size = [], 0
        group.append(file)
        size += file.size
    if group:
        yield group


def _may_join(file, other):
    if file.kind is None or file.kind is not other.kind or file.kind.store_several is None:
        return False
    return file.header == other.header and max(file.size, other.size) <= MOST_BYTES_OF_A_FILE


def load_together(files, kinds, audience):
    """Load Waiting files of one kind and header; their FeedLoads, or None where nothing was stored: load them apart."""
    is_nested = connection.in_atomic_block
    loads = [FeedLoad(file.path) for file in files]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            new = _new_ones(loads, kinds)
            if new:
                numbered = dict(zip(next_ids(cursor, len(new)), new, strict=True))
                _Group(files[0], numbered, audience).load(cursor, kinds, may_hold_rows=is_nested)
    except (_Apart, FileRefused, IntegrityError, DataError):
        return None
    return loads


def _new_ones(loads, kinds):
    """The loads whose files were not loaded before; of the others it is noted when they were."""
    for load in loads:
        with opened(load.path) as file:
            load.digest = digest_of(file)
    found = FeedFile.objects.filter(state=FeedFile.State.LOADED, digest__in=[load.digest for load in loads])
    before = {bytes(file.digest): file for file in found}
    for load in loads:
        if file := before.get(load.digest):
            load.loaded_before, load.kind = file.loaded_at, kind_named(kinds, file.kind)
    new = [load for load in loads if not load.loaded_before]
    if len({load.digest for load in new}) < len(new):
        raise _Apart
    return new


class _Group:
    """Files with the kind and header of `example`, as {id of the file: FeedLoad}, on their way into the books."""

    def __init__(self, example, loads, audience):
        self.kind, self.header = example.kind, example.header
        self.loads, self.audience = loads, audience

    def load(self, cursor, kinds, *, may_hold_rows):
        staging.create_tables(cursor, self.kind, may_hold_rows=may_hold_rows)
        loading = staging.Loading(self.kind, list(self.header), Rejects())
        loading.copy(cursor, self._copy_lines(loading))
        self._check(cursor)
        stored = self.kind.store_several(cursor, self.kind.typed_table)
        for feed_file_id, load in self.loads.items():
            load.stored = stored.get(feed_file_id, NOTHING)
        loaded = FeedFile.State.LOADED
        FeedFile.objects.bulk_create(load.row(loaded, feed_file_id) for feed_file_id, load in self.loads.items())
        places = sorted({place for load in self.loads.values() for place in load.places})
        refresh_sources(cursor, self.kind, kinds, places)

    def _copy_lines(self, loading):
        """COPY's lines of all files, one after the other."""
        for feed_file_id, load in self.loads.items():
            with opened(load.path) as file, self._progress(file, load) as bar:
                if digest_of(file) != load.digest:
                    raise _Apart
                with sheet_of(load.path, file, bar.update) as sheet:
                    if tuple(sheet.header) != self.header:
                        raise _Apart
                    load.kind = load.rejects.kind = self.kind
                    its = loading.of_another(load.rejects, first_row(feed_file_id))
                    yield from its.copy_lines(sheet.rows(its.numeric_titles))
            load.lines, load.control, load.places = its.lines, its.control, sorted(its.places)
            if load.is_refused or (self.kind.has_control_total and len(load.agencies) > 1):
                raise _Apart

    def _progress(self, file, load):
        return self.audience.progress(os.fstat(file.fileno()).st_size, "B", load.name)

    def _check(self, cursor):
        """The checks of a file alone (loader.py), over the rows of all; two files with a line of one key go apart."""
        kind = self.kind
        staging.fill_typed(cursor, kind)
        _none(staging.check_known(cursor, kind))
        _none(staging.check_key(cursor, kind))
        sums = staging.sums_by_file(cursor, kind)
        for feed_file_id, load in self.loads.items():
            load.total = staging.check_control(kind, load.lines, load.control, sums.get(feed_file_id))
        for check in kind.checks:
            _none(check(cursor, kind.typed_table))


def _none(rejects):
    for _reject in rejects:
        raise _Apart
