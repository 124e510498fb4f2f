"""Personal numbers at rest: AES-256-GCM with a named key for reading, HMAC-SHA-256 for look-up.

A stored value is `algorithm byte + key name length + key name + nonce + ciphertext`, so that keys can be rotated and
another algorithm can stand beside this one.
"""

import base64
import hashlib
import hmac
import os
from functools import cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

AES_256_GCM = 1
NONCE_BYTES = 12


@cache
def _keys():
    pairs = (entry.split(":", 1) for entry in settings.ENCRYPTION_KEYS)
    return {name: AESGCM(base64.b64decode(key)) for name, key in pairs}


@cache
def _lookup_key():
    return base64.b64decode(settings.LOOKUP_KEY)


def key_names():
    """The names of the encryption keys, the current one first."""
    return list(_keys())


def encrypt(text):
    """Bytes that only a holder of the current encryption key can read."""
    name = next(iter(_keys()))
    label = bytes([AES_256_GCM, len(name)]) + name.encode()
    nonce = os.urandom(NONCE_BYTES)
    return label + nonce + _keys()[name].encrypt(nonce, text.encode(), label)


def decrypt(value):
    """The text of `encrypt`; KeyError where its key is gone, cryptography's InvalidTag where bytes were changed."""
    value = bytes(value)
    if value[0] != AES_256_GCM:
        raise KeyError(f"algorithm {value[0]}")
    body = 2 + value[1]
    label, nonce = value[:body], value[body : body + NONCE_BYTES]
    return _keys()[label[2:].decode()].decrypt(nonce, value[body + NONCE_BYTES :], label).decode()


def keyed_hash(purpose, text):
    """32 bytes by which equal texts are found again; `purpose` keeps equal texts of two kinds apart."""
    return hmac.digest(_lookup_key(), f"{purpose}\0{text}".encode(), hashlib.sha256)
