"""How far a person's moves between areas have come, and who holds the money meanwhile (Regulation 765, art. 12-16)."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from contributions.models import TransferRule
from registry.answering import sources_about
from registry.insurance import FAMILY_OF, INSURANCE_OF, Insurance, Scheme
from registry.models import Area
from registry.months import month_of

from .models import Direction, Transfer, TransferEvent, TransferState
from .models.transfers import RANKS

ZERO = Decimal("0.00")
STEPS = [state for state in TransferState if state != TransferState.REJECTED]


@dataclass(frozen=True)
class Step:
    """A step of a move: whether it is done, and the day it was reached, where somebody has told it."""

    state: TransferState
    is_done: bool
    reached_on: date | None


@dataclass(frozen=True)
class Move:
    """One move of one scheme, told by one area or by both, under one application number. Amounts in yuan.

    `left`, `joined`: the areas in words. `state`: the furthest that either has told.
    """

    scheme: Scheme
    application_no: str
    left: str
    joined: str
    state: TransferState
    since: date
    reason: str
    steps: tuple
    account_amount: Decimal
    pooled_amount: Decimal

    @property
    def is_refused(self):
        return self.state == TransferState.REJECTED

    @property
    def is_under_way(self):
        return self.state not in {TransferState.MERGED, TransferState.REJECTED}

    @property
    def holder(self):
        """Where the money is: "left", "on_the_way" or "joined". Sent is not received."""
        places = {TransferState.MONEY_SENT: "on_the_way", TransferState.MERGED: "joined"}
        return places.get(self.state, "left")

    @property
    def moves_money(self):
        """Whether money moves at all: of medical and unemployment insurance the years do (domain.md §8.6)."""
        return INSURANCE_OF[self.scheme] == Insurance.PENSION or bool(self.account_amount)


@dataclass(frozen=True)
class TransfersTold:
    """`moves`: those under way first. `judged`: {AgencyFamily: Known, KnownNone or Unknown}.

    `rule`: the TransferRule of today for what the pooled fund sends along, or None.
    """

    moves: list
    judged: dict
    rule: TransferRule | None

    @property
    def percent(self):
        """What the pooled fund sends along, in a hundred of the contribution wages; None where no rule is known."""
        return f"{(self.rule.rate * 100).normalize():f}" if self.rule else None


def transfers_of(person, today):
    """The TransfersTold of a person. At most five queries, whatever her history."""
    transfers = list(Transfer.objects.of(person))
    events = list(TransferEvent.objects.filter(person_id__in=person.record_ids).order_by("reached_on"))
    names = dict(Area.objects.filter(pk__in={t.area_code for t in transfers}).values_list("pk", "name"))
    told = defaultdict(list)
    for transfer in transfers:
        told[transfer.scheme, transfer.application_no].append(transfer)
    moves = [_move(parts, events, names) for parts in told.values()]
    moves.sort(key=lambda move: (move.is_under_way, move.since), reverse=True)
    sources = sources_about(person, ["transfers"], today)
    families = dict.fromkeys(FAMILY_OF[insurance] for insurance in (Insurance.PENSION, Insurance.MEDICAL))
    of_family = {family: [m for m in moves if FAMILY_OF[INSURANCE_OF[m.scheme]] == family] for family in families}
    judged = {family: sources.judge(of_family[family], "transfers", family) for family in families}
    area = next((t.area_code for t in transfers if t.scheme == Scheme.PENSION), "")
    return TransfersTold(moves, judged, TransferRule.objects.reaching(area, month_of(today)).first())


def _move(parts, events, names):
    """The Move that these Transfers of one application tell together."""
    furthest = max(parts, key=lambda t: (RANKS[t.state], t.state_since))
    key = furthest.scheme, furthest.application_no
    reached = {}
    for event in events:
        if (event.scheme, event.application_no) == key:
            reached.setdefault(event.state, event.reached_on)
    here = names.get(furthest.area_code, furthest.area_code)
    is_in = furthest.direction == Direction.IN
    return Move(
        Scheme(furthest.scheme),
        furthest.application_no,
        furthest.other_area if is_in else here,
        here if is_in else furthest.other_area,
        TransferState(furthest.state),
        furthest.state_since,
        furthest.reason,
        tuple(Step(state, _is_done(state, furthest, reached), reached.get(state)) for state in STEPS),
        max((t.account_amount for t in parts), default=ZERO),
        max((t.pooled_amount for t in parts), default=ZERO),
    )


def _is_done(state, furthest, reached):
    """A step is done where it was told, or where a later one was; a refusal ends the way wherever it stood."""
    is_passed = furthest.state != TransferState.REJECTED and RANKS[state] <= RANKS[furthest.state]
    return is_passed or state in reached
