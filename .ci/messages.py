"""Gather the texts to translate and compile the catalogue; with --check, compare it with the code and change nothing.

The catalogue is right when it holds exactly the texts of the code and templates, each translated, none fuzzy, with the
placeholders of its source, and when the compiled .mo says the same.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from babel.messages import mofile, pofile

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = Path("locale/zh_Hans/LC_MESSAGES/django.po")
MAKE = ["makemessages", "--locale=zh_Hans", "--extension=html,txt,py", "--no-obsolete", "--add-location=file"]
# Texts of the tests, of measurements and of generated files are no person's.
IGNORED = [f"--ignore={folder}/*" for folder in ("tests", "bench", "var")]


def django(*arguments, cwd):
    """Run one of Django's commands, which says itself what is wrong; we then end with its exit code."""
    answer = subprocess.run(
        [sys.executable, "-m", "django", *arguments], cwd=cwd, stdout=subprocess.DEVNULL, check=False
    )
    if answer.returncode:
        sys.exit(answer.returncode)


def read(path):
    with path.open("rb") as file:
        return pofile.read_po(file)


def forms(text):
    """The forms of a text, singular and plural, whichever way the file gave them."""
    return (text,) if isinstance(text, str) else tuple(text)


def texts(catalogue):
    """The messages of a catalogue by context and text; the header has neither."""
    return {(_context(message), forms(message.id)): message for message in catalogue if message.id}


def _context(message):
    """The message's context; Babel gives that of a compiled catalogue as bytes."""
    return message.context.decode() if isinstance(message.context, bytes) else message.context


def gathered():
    """The catalogue as makemessages writes it from the code, made in a copy of the checkout's own files."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.py", "*.html", "*.txt", "locale"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    with tempfile.TemporaryDirectory() as copy:
        for name in filter(None, listed.stdout.split("\0")):
            if (ROOT / name).is_file():
                target = Path(copy, name)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(ROOT / name, target)
        Path(copy, CATALOGUE).parent.mkdir(parents=True, exist_ok=True)
        django(*MAKE, *IGNORED, cwd=copy)
        return texts(read(Path(copy, CATALOGUE)))


def findings():
    """One sentence for each thing that is wrong with the catalogue."""
    catalogue = read(ROOT / CATALOGUE)
    committed, wanted = texts(catalogue), gathered()
    if "nplurals=1;" not in catalogue.plural_forms:
        yield f"Chinese has one form for every number, the header says {catalogue.plural_forms}"
    for key in wanted.keys() - committed.keys():
        yield f"not in the catalogue: {key[1]}"
    for key in committed.keys() - wanted.keys():
        yield f"in no page any more: {key[1]}"
    for message in committed.values():
        if message.fuzzy or not all(forms(message.string)):
            yield f"not translated: {message.id!r}"
        for error in message.check():
            yield f"{error}: {message.id!r}"
    with (ROOT / CATALOGUE).with_suffix(".mo").open("rb") as file:
        compiled = texts(mofile.read_mo(file))
    said = {key: forms(message.string) for key, message in committed.items()}
    if said != {key: forms(message.string) for key, message in compiled.items()}:
        yield "the compiled .mo is not made from this .po: run python3 dev.py messages"


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--check", action="store_true")
    if options.parse_args().check:
        found = sorted(findings())
        print(*found, f"{len(found)} findings in {CATALOGUE}", sep="\n")
        return 1 if found else 0
    django(*MAKE, *IGNORED, cwd=ROOT)
    django("compilemessages", "--locale=zh_Hans", "--ignore=.venv", cwd=ROOT)
    return 0


if __name__ == "__main__":
    sys.exit(main())
