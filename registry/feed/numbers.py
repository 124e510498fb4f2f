"""Columns of numbers that are checked or hidden while a file is read: credit codes, card numbers, certificates."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from registry import identity
from registry.encryption import encrypt
from registry.models import Card

from .cells import CellError, Column, bytes_field
from .columns import Code


@dataclass(frozen=True)
class CreditCode(Code):
    """统一社会信用代码 (GB 32100-2015) with a right check character; staged without separators."""

    max_length: int = 18

    def prepare(self, code):
        try:
            return (identity.check_credit_code(code),)
        except identity.IdentityError as error:
            raise CellError(
                self.title, code, _("18 digits and capital letters, the last of which fits the others")
            ) from error


@dataclass(frozen=True)
class CardNumber(Column):
    """卡号: staged as keyed hash and ciphertext. Numbers are unique only within the area that issued the card."""

    area_title: str = "发卡区划代码"
    max_length: int = 32
    is_personal = True

    @property
    def needs(self):
        return (self.area_title,)

    @property
    def title_by_name(self):
        return {"number_hash": self.title}

    @property
    def raw(self):
        return {"number_hash": "bytea", "number_encrypted": "bytea"}

    @property
    def typed(self):
        return {name: ("bytea", f"r.{name}") for name in self.raw}

    def prepare(self, number, area_code):
        number = identity.compact(number)
        if not number or len(number) > self.max_length or not number.isascii():
            sentence = _("a card number of at most %(count)s characters") % {"count": self.max_length}
            raise CellError(self.title, identity.masked(number), sentence)
        return bytes_field(Card.hash_of(area_code, number)), bytes_field(encrypt(number))


@dataclass(frozen=True)
class MaskedCode(Code):
    """A number that contains an identity number, as a disability certificate's does: only its masked form is kept."""

    is_personal = True

    def prepare(self, number):
        if not re.fullmatch(self.pattern, number):
            raise CellError(self.title, identity.masked(number), self.expected(number))
        return (identity.masked(identity.compact(number)),)
