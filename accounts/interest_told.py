"""What an interest run is told as: a line per scheme and area, and one sentence."""

PREVIEW = (
    "{group}: {accounts} accounts, opening {opening}, principal {credits}, paid out {payouts}, interest {interest}"
)


def preview_lines(result):
    """Lines of the preview: what each scheme and area would earn, at which rate."""
    for group, told in result.told.items():
        figures = {name: getattr(told, name) for name in ("accounts", "opening", "credits", "payouts", "interest")}
        provisional = ", provisional" if any(term.is_provisional for term in told.terms) else ""
        line = PREVIEW.format(group=group, **figures)
        yield f"{line}, rate {rates_of(told.terms)}{provisional}, {_credits(told.changed)} to post"
    for group, missing in result.without_rate.items():
        yield f"{group}: {missing}; nothing to credit"


def rates_of(terms):
    """The rates of a year in percent, in the order of the months: `2.62 %`, or `0.35 % and 1.1 % (prior years)`."""
    months = [rate for term in terms for rate in term.rates]
    text = " then ".join(dict.fromkeys(percent(rate.current) for rate in months))
    if any(term.is_split for term in terms):
        text += f" and {' then '.join(dict.fromkeys(percent(rate.prior) for rate in months))} (prior years)"
    return text


def _credits(number):
    """So many credits: the interest of one account and crediting period each, of which a year may have several."""
    return f"{number} credit{'' if number == 1 else 's'}"


def _posted(changed, is_preview):
    if is_preview:
        return f"{_credits(changed)} would be posted"
    return f"{_credits(changed)} posted" if changed else "nothing to post"


def percent(rate):
    """A rate as a fraction, in percent without idle zeros."""
    text = f"{rate * 100:f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text} %"


def sentence(result, is_preview):
    """The one sentence with which a run ends."""
    changed, unbearable = result.total("changed"), result.total("unbearable")
    provisional = sum(any(term.is_provisional for term in told.terms) for told in result.told.values())
    parts = [
        f"Interest of {result.year}: {result.total('accounts')} accounts earn {result.total('interest')} yuan, "
        + _posted(changed, is_preview)
    ]
    if provisional:
        parts.append(f"{provisional} of {len(result.told)} schemes and areas provisional")
    if unbearable:
        parts.append(f"{_credits(unbearable)} left out because the account cannot bear the correction")
    if result.without_rate:
        parts.append(f"{len(result.without_rate)} schemes and areas without a known rate")
    if result.stale:
        years = ", ".join(map(str, result.stale))
        parts.append(f"{years} {'would start' if is_preview else 'starts'} from it and must be credited again")
    return "; ".join(parts) + "."
