"""One run over many files: the order, the lock, the sums, what is told of each file."""

from contextlib import contextmanager
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.lock import only_writer

from .files import in_load_order
from .loader import NOTHING, FeedLoad
from .together import in_groups, load_together


@dataclass(frozen=True)
class Summary:
    """What a run came to: numbers of files, and of lines of the files loaded."""

    loaded: int = 0
    already: int = 0
    refused: int = 0
    stored: object = NOTHING

    def with_load(self, load):
        if load.is_refused:
            return replace(self, refused=self.refused + 1)
        if load.loaded_before:
            return replace(self, already=self.already + 1)
        return replace(self, loaded=self.loaded + 1, stored=self.stored + load.stored)

    def sentence(self, seconds, is_dry_run):
        values = {
            "loaded": self.loaded,
            "added": self.stored.added,
            "changed": self.stored.changed,
            "there": self.stored.already_there,
            "already": self.already,
            "refused": self.refused,
            "seconds": f"{seconds:.1f}",
        }
        sentence = ngettext(
            "%(loaded)s file loaded (lines: %(added)s added, %(changed)s changed, %(there)s already there), "
            "%(already)s loaded before, %(refused)s refused, in %(seconds)s s.",
            "%(loaded)s files loaded (lines: %(added)s added, %(changed)s changed, %(there)s already there), "
            "%(already)s loaded before, %(refused)s refused, in %(seconds)s s.",
            self.loaded,
        )
        return (_("Dry run, nothing was stored:") + " " if is_dry_run else "") + sentence % values


@contextmanager
def _dry(is_dry_run):
    """One transaction around the whole run that is undone at its end, so that files still find those before them."""
    if not is_dry_run:
        yield
        return
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def load_files(paths, kinds, audience, *, wait_seconds=0, is_dry_run=False):
    """Load files and folders; returns the Summary.

    `audience.progress(bytes, unit, name)` gives a context manager with `update(bytes)`; `audience.tell(load)` is called
    after each file.
    Raises AnotherWriterIsRunning.
    """
    summary = Summary()
    with only_writer(wait_seconds), _dry(is_dry_run):
        for files in in_groups(in_load_order(paths, kinds)):
            for load in _loaded(files, kinds, audience):
                summary = summary.with_load(load)
                audience.tell(load)
    return summary


def _loaded(files, kinds, audience):
    """Yield the FeedLoad of each of these Waiting files: together where all is well, otherwise each half apart."""
    if len(files) == 1:
        load = FeedLoad(files[0].path)
        with audience.progress(files[0].size, "B", load.name) as bar:
            yield load.run(kinds, bar.update)
        return
    if loads := load_together(files, kinds, audience):
        yield from loads
        return
    middle = len(files) // 2
    yield from _loaded(files[:middle], kinds, audience)
    yield from _loaded(files[middle:], kinds, audience)


def line_of(load):
    """One line about one file."""
    values = {"name": load.name, "kind": load.kind.name if load.kind else "?", "lines": load.lines}
    if load.is_refused:
        count = load.rejects.count
        sentence = ngettext(
            "%(name)s: REFUSED, %(count)s complaint; nothing of it was stored.",
            "%(name)s: REFUSED, %(count)s complaints; nothing of it was stored.",
            count,
        )
        return sentence % (values | {"count": count})
    if load.loaded_before:
        when = timezone.localtime(load.loaded_before).strftime("%Y-%m-%d %H:%M")
        sentence = _("%(name)s: %(kind)s, already loaded on %(when)s; nothing was posted twice.")
        return sentence % (values | {"when": when})
    values |= {
        "added": load.stored.added,
        "changed": load.stored.changed,
        "there": load.stored.already_there,
        "total": "" if load.total is None else _(", total %(total)s yuan") % {"total": load.total},
    }
    sentence = ngettext(
        "%(name)s: %(kind)s, %(lines)s line: %(added)s added, %(changed)s changed, %(there)s already there%(total)s.",
        "%(name)s: %(kind)s, %(lines)s lines: %(added)s added, %(changed)s changed, %(there)s already there%(total)s.",
        load.lines,
    )
    return sentence % values
