"""What a social-security card says of its holder and what hangs on it: face, two accounts, data of the household."""

from dataclasses import dataclass

from inquiries.models.factors import masked_phone
from registry.answering import sources_about
from registry.models import Card, InsuredPerson
from registry.models.persons import Identifier

IN_USE = (Card.Status.ACTIVE, Card.Status.NOT_ACTIVATED)
ADDRESS_SHOWN = 3
SHORTEST_MASKED = 11  # Of a shorter telephone number the mask would show most.


@dataclass(frozen=True)
class CardData:
    """`cards`: Known, KnownNone or Unknown of a list of Cards, those in use first. `number`: the main Identifier."""

    person: InsuredPerson
    cards: object
    number: Identifier | None

    @property
    def card(self):
        """The card to speak of first, or None."""
        return self.cards.value[0] if self.cards.is_known else None

    @property
    def others(self):
        return self.cards.value[1:] if self.cards.is_known else []

    @property
    def birth(self):
        """The year alone: the whole date would complete the masked identity number."""
        return f"{self.person.birth_date.year}-**-**"

    @property
    def phone(self):
        number = self.person.phone
        return masked_phone(number) if len(number) >= SHORTEST_MASKED else "*" * len(number)

    @property
    def address(self):
        return masked_address(self.person.address)


def card_data(person, today):
    """The CardData of a person. Four queries."""
    cards = Card.objects.filter(person__in=person.record_ids).select_related("area").order_by("-issued_on", "-pk")
    in_order = sorted(cards, key=lambda card: card.status not in IN_USE)
    sources = sources_about(person, ["cards"], today)
    number = Identifier.objects.filter(person=person, is_main=True).first()
    return CardData(person, sources.judge(in_order, "cards"), number)


def masked_address(address):
    """The first characters, which name town or street, and asterisks for the rest; nothing for none."""
    return address[:ADDRESS_SHOWN] + "****" if address else ""
