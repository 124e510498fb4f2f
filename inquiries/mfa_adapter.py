"""What allauth's second factors ask of us: encryption at rest, and names in place of mail addresses."""

import base64

from allauth.mfa.adapter import DefaultMFAAdapter
from django.utils.translation import gettext as _

from registry import encryption
from registry.identity import masked_name


class Adapter(DefaultMFAAdapter):
    """Secrets are kept under the portal's own keys; no number and no full name leaves for an app or a passkey."""

    def encrypt(self, text):
        return base64.b64encode(encryption.encrypt(text)).decode()

    def decrypt(self, encrypted_text):
        return encryption.decrypt(base64.b64decode(encrypted_text))

    def get_totp_issuer(self):
        return _("Social Security Account Portal")

    def _get_site_name(self):
        return _("Social Security Account Portal")

    def _get_user_identifier(self, user):
        return f"{user.get_kind_display()} {masked_name(user.name)}"

    def get_public_key_credential_user_entity(self, user):
        name = self._get_user_identifier(user)
        return {"id": str(user.pk).encode(), "display_name": name, "name": name}
