import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from registry.encryption import decrypt, encrypt, keyed_hash


@given(st.text())
def test_what_was_encrypted_can_be_read(text):
    assert decrypt(encrypt(text)) == text


def test_equal_texts_look_different():
    assert encrypt("990101198403071012") != encrypt("990101198403071012")


def test_a_changed_byte_is_found():
    value = bytearray(encrypt("990101198403071012"))
    value[-1] ^= 1
    with pytest.raises(InvalidTag):
        decrypt(bytes(value))


def test_purposes_keep_hashes_apart():
    assert keyed_hash("id:citizen", "1") == keyed_hash("id:citizen", "1")
    assert keyed_hash("id:citizen", "1") != keyed_hash("id:passport", "1")
