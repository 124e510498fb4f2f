"""The laws that pages cite, whole and in the original: `portal/law/*.toml`, read once."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).with_name("law")
FILES = {"sil": "social_insurance_law.toml", "r765": "handling_regulations.toml"}


@dataclass(frozen=True)
class Law:
    """One law. `articles`: {number: its paragraphs}; `source`: where the text was copied from, on `copied_on`."""

    key: str
    title: str
    short: str
    issued: str
    in_force: date
    source: str
    copied_on: date
    articles: dict


@cache
def law(key):
    """The Law of this key; KeyError where it is none of FILES."""
    read = tomllib.loads((FOLDER / FILES[key]).read_text(encoding="utf-8"))
    articles = {each["number"]: tuple(each["text"]) for each in read.pop("article")}
    return Law(key=key, articles=articles, **read)


def laws():
    return [law(key) for key in FILES]
