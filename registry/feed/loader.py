"""Loading one feed file: everything of it, or nothing but the note that it was refused."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from django.db import DataError, IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.models import Agency, Area, FeedFile

from . import sources, staging
from .files import digest_of, kind_of, opened, sheet_of, shown_name
from .kinds import Kind, Stored
from .rejects import FileRefused, Rejects

NEXT_IDS = "SELECT nextval(pg_get_serial_sequence('registry_feedfile', 'id')) FROM generate_series(1, %s)"


NOTHING = Stored(0, 0)


class _Refused(Exception):
    """Ends the file's transaction; what is wrong stands in its Rejects."""


@dataclass
class FeedLoad:
    """One file and what became of it."""

    path: Path
    digest: bytes = b""
    kind: Kind | None = None
    lines: int = 0
    stored: Stored = NOTHING
    total: Decimal | None = None
    loaded_before: datetime | None = None
    rejects: Rejects = field(default_factory=Rejects)
    places: list = field(default_factory=list)
    control: dict | None = None
    is_nested: bool = False

    @property
    def name(self):
        return shown_name(self.path)

    @property
    def is_refused(self):
        return bool(self.rejects)

    @property
    def agencies(self):
        return {agency for agency, _area in self.places if agency}

    def run(self, kinds, advance=lambda size: None):
        """Load the file in a transaction of its own. `kinds`: every kind there is; `advance(bytes)`: progress."""
        self.is_nested = connection.in_atomic_block
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                self._load(cursor, kinds, advance)
        except _Refused:
            pass
        except FileRefused as refusal:
            self.rejects.add(refusal.reject)
        except (IntegrityError, DataError) as error:
            # A rule that only the database knows; its detail may hold personal values, its first line does not.
            reason = error.__cause__.diag.message_primary if error.__cause__ else ""
            sentence = _("the database refuses these lines: %(reason)s") % {"reason": reason}
            self.rejects.add(FileRefused(sentence).reject)
        if self.is_refused:
            self.stored, self.total = NOTHING, None
            with transaction.atomic(), connection.cursor() as cursor:
                self._record(cursor, FeedFile.State.REFUSED, kinds)
        return self

    def _load(self, cursor, kinds, advance):
        with opened(self.path) as file:
            self.digest = digest_of(file)
            before = FeedFile.objects.filter(digest=self.digest, state=FeedFile.State.LOADED).first()
            if before:
                self.loaded_before, self.kind = before.loaded_at, kind_named(kinds, before.kind)
                return
            with sheet_of(self.path, file, advance) as sheet:
                self.kind = self.rejects.kind = kind_of(sheet.header, kinds)
                self._stage(cursor, sheet)
        self._check(cursor)
        if self.is_refused:
            raise _Refused
        self._store(cursor, kinds)

    def _stage(self, cursor, sheet):
        staging.create_tables(cursor, self.kind, may_hold_rows=self.is_nested)
        loading = staging.Loading(self.kind, sheet.header, self.rejects)
        loading.copy(cursor, loading.copy_lines(sheet.rows(loading.numeric_titles)))
        self.lines, self.control, self.places = loading.lines, loading.control, sorted(loading.places)

    def _check(self, cursor):
        """Checks over whole tables: what the cells name, then the rows together."""
        kind, rejects = self.kind, self.rejects
        staging.fill_typed(cursor, kind)
        rejects.extend(staging.check_known(cursor, kind))
        rejects.extend(staging.check_key(cursor, kind))
        rejects.extend(staging.check_one_agency(cursor, kind, self.agencies))
        if not self.is_refused:
            sums = staging.sums_by_file(cursor, kind)
            self.total = staging.check_control(kind, self.lines, self.control, sums.get(0))
        for check in kind.checks:
            rejects.extend(check(cursor, kind.typed_table))

    def _store(self, cursor, kinds):
        (feed_file_id,) = next_ids(cursor, 1)
        self.stored = self.kind.store(cursor, self.kind.typed_table, feed_file_id)
        self._record(cursor, FeedFile.State.LOADED, kinds, feed_file_id)

    def _record(self, cursor, state, kinds, feed_file_id=None):
        """Write the file's own row, which is never changed later, and what it means for its sources."""
        self.row(state, feed_file_id).save(force_insert=True)
        refresh_sources(cursor, self.kind, kinds, self.places)

    def row(self, state, feed_file_id=None):
        """The file's own row, not yet written."""
        return FeedFile(
            id=feed_file_id,
            digest=self.digest,
            name=self.name,
            kind=self.kind.name if self.kind else "",
            agency_id=self._only(Agency, self.agencies),
            area_id=self._only(Area, {area for _agency, area in self.places if area}),
            state=state,
            loaded_at=timezone.now(),
            lines=self.lines,
            added=self.stored.added,
            already_there=self.stored.already_there,
            refused_lines=self.rejects.lines,
            total=self.total,
        )

    def _only(self, model, codes):
        """The one code the lines name, if it is one; those of a refused file need not exist."""
        code = next(iter(codes)) if len(codes) == 1 else None
        return code if code is None or not self.is_refused or model.objects.filter(pk=code).exists() else None


def next_ids(cursor, count):
    """As many new ids of feed files, in ascending order."""
    cursor.execute(NEXT_IDS, [count])
    return sorted(feed_file_id for (feed_file_id,) in cursor.fetchall())


def refresh_sources(cursor, kind, kinds, places):
    """Renew what files of `kind` (None: unknown) mean for the sources at their `places` [(agency code, area code)]."""
    for source in _sources(kind, kinds):
        feeding = [each.name for each in kinds if each.source == source]
        sources.refresh(cursor, source, feeding, places)


def _sources(kind, kinds):
    """The sources a file speaks for; a file of source states, newly told of sources, speaks for all."""
    if kind is None:
        return []
    if kind.states_sources:
        return sorted({each.source for each in kinds if each.source})
    return [kind.source] if kind.source else []


def kind_named(kinds, name):
    """The kind of that name; None where there is none any more."""
    return next((kind for kind in kinds if kind.name == name), None)
