"""How long a channel may stay open: idle, and in all. The figures are those of the security policy (docs/auth)."""

from datetime import timedelta

from .models import Inquiry

IDLE = {Inquiry.Channel.KIOSK: timedelta(seconds=60)}
# At a kiosk the page asks "are you still there?" this long before it is left.
LAST_CALL = timedelta(seconds=20)
IN_ALL = {Inquiry.Channel.KIOSK: timedelta(minutes=10), Inquiry.Channel.PHONE: timedelta(minutes=15)}
