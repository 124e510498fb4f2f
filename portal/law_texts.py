"""The laws that pages cite, whole and in the original: `portal/law/*.toml`, read once."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from django.utils.translation import gettext_lazy as _

FOLDER = Path(__file__).with_name("law")
NAMES = {"sil": _("Social Insurance Law"), "r765": _("Regulations on Handling Social Insurance")}
FILES = {"sil": "social_insurance_law.toml", "r765": "handling_regulations.toml"}


@dataclass(frozen=True)
class Law:
    """One law. `articles`: {number: its paragraphs}; `source`: where the text was copied from, on `copied_on`."""

    key: str
    title: str
    issued: str
    in_force: date
    source: str
    copied_on: date
    articles: dict

    @property
    def name(self):
        """What it is called in the language of the page; the text itself stays in the original."""
        return NAMES[self.key]


@cache
def law(key):
    """The Law of this key; KeyError where it is none of FILES."""
    read = tomllib.loads((FOLDER / FILES[key]).read_text(encoding="utf-8"))
    articles = {each["number"]: tuple(each["text"]) for each in read.pop("article")}
    return Law(key=key, articles=articles, **read)


def laws():
    return [law(key) for key in FILES]
