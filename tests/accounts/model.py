"""The books in seventy lines: what every account must come to. Pure; interest is simulated month by month."""

from collections import defaultdict
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

FEN = Decimal("0.01")


def half_up(amount):
    return (Decimal(amount.numerator) / Decimal(amount.denominator)).quantize(FEN, ROUND_HALF_UP)


class Model:
    """Accounts by name; each a list of (booked month, signed yuan, whether it is a payout), and interest by year."""

    def __init__(self):
        self.moved = defaultdict(list)
        self.interest = defaultdict(dict)

    def post(self, account, month, amount, is_payout=False):
        self.moved[account].append((month, Decimal(amount), is_payout))

    def undo(self, account, number, month):
        """Reverse the posting of this number: the opposite amount, of the same side, in another month."""
        _month, amount, is_payout = self.moved[account][number]
        self.post(account, month, -amount, is_payout)

    def balance(self, account):
        return sum(amount for _month, amount, _out in self.moved[account]) + sum(self.interest[account].values())

    def credit(self, year, rate):
        """What was credited for the year before is replaced by what is due now, where the account can bear it."""
        for account, moved in self.moved.items():
            if any(month.year <= year for month, _amount, _out in moved):
                due, standing = self.earned(account, year, Fraction(rate)), self.interest[account].get(year, 0)
                if self.balance(account) + due - standing >= 0:
                    self.interest[account][year] = due

    def owes(self, year, rate):
        """Whether some account that can bear it is due another interest of the year than what stands."""
        for account in self.moved:
            due, standing = self.earned(account, year, Fraction(rate)), self.interest[account].get(year, 0)
            if due != standing and self.balance(account) + due - standing >= 0:
                return True
        return False

    def earned(self, account, year, rate):
        earlier = sum(interest for of_year, interest in self.interest[account].items() if of_year < year)
        opening, credited, paid_out = Fraction(earlier), Fraction(0), Fraction(0)
        parts = [Fraction(0)] * 3
        for month, amount, _out in self.moved[account]:
            opening += Fraction(amount) if month.year < year else 0
        for number in range(1, 13):
            for month, amount, is_payout in self.moved[account]:
                if month == date(year, number, 1):
                    credited += 0 if is_payout else Fraction(amount)
                    paid_out -= Fraction(amount) if is_payout else 0
            for place, standing in enumerate((opening, credited, paid_out)):
                parts[place] += standing * rate / 12
        on_opening, on_credits, removed = map(half_up, parts)
        return on_opening + on_credits - removed
