"""Who has proved who they are with a second factor."""

MARK = "second_factor"


def has_proved_twice(request):
    """Whether this session began with a second factor besides the password."""
    return bool(request.session.get(MARK))
