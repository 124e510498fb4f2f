"""A passkey in software: makes a key for one host and signs challenges with it, as a browser and its device would."""

import hashlib
import json
import secrets
import struct

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode

PRESENT, HAS_KEY = 0x01, 0x40


class SoftPasskey:
    """`host`: the relying party's id; `origin`: the page's, https unless a test says otherwise."""

    def __init__(self, host="testserver", origin=None):
        self.host, self.origin = host, origin or f"https://{host}"
        self.key, self.id = ec.generate_private_key(ec.SECP256R1()), secrets.token_bytes(16)

    def make(self, asked):
        """The browser's answer (JSON) to a set-up's request (JSON)."""
        data = self._client_data("webauthn.create", asked)
        public = cbor.encode(dict(ES256.from_cryptography_key(self.key.public_key())))
        key = bytes(16) + struct.pack(">H", len(self.id)) + self.id + public
        made = cbor.encode({"fmt": "none", "attStmt": {}, "authData": self._device_data(HAS_KEY) + key})
        return self._answer(clientDataJSON=data, attestationObject=made)

    def sign(self, asked):
        """The browser's answer (JSON) to a sign-in's request (JSON)."""
        data, device = self._client_data("webauthn.get", asked), self._device_data(0)
        signature = self.key.sign(device + hashlib.sha256(data).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(clientDataJSON=data, authenticatorData=device, signature=signature)

    def _client_data(self, kind, asked):
        challenge = json.loads(asked)["publicKey"]["challenge"]
        assert len(websafe_decode(challenge)) >= 16
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _device_data(self, flags):
        return hashlib.sha256(self.host.encode()).digest() + bytes([PRESENT | flags]) + struct.pack(">I", 0)

    def _answer(self, **response):
        name = websafe_encode(self.id)
        response = {field: websafe_encode(value) for field, value in response.items()}
        answer = {"id": name, "rawId": name, "type": "public-key", "response": response}
        return json.dumps(answer | {"clientExtensionResults": {}})
