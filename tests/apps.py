"""An authenticator app for the tests: RFC 6238 written out, so that ours is compared with another hand's."""

import base64
import hashlib
import hmac
import re
import struct
import time


def code(secret, steps_ahead=0):
    """The six digits that an app shows now, or a number of 30-second steps away."""
    counter = int(time.time()) // 30 + steps_ahead
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", counter), hashlib.sha1)
    offset = digest[-1] & 15
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**6:06d}"


def secret_on(page):
    """The key in letters, as a person copies it from the page of the set-up."""
    return re.search(r'class="secret">([A-Z2-7 ]+)<', page.text)[1].replace(" ", "")
