"""What must be right before the portal serves anybody; `manage.py check` says it, and portal/wsgi.py asks at start."""

from django.conf import settings
from django.core import checks
from django.core.management.base import SystemCheckError
from django.utils.module_loading import import_string

from .senders import FOR_TRYING_OUT

TAG = "sign_in"
HINT = "Name your gateway's function (inquiries/senders.py), or leave it empty and no code is sent by text message."


@checks.register(TAG)
def check_code_sender(app_configs, **kwargs):
    """CODE_SENDER names something that can be called, and in production nothing that writes codes down."""
    if not settings.CODE_SENDER:
        return []
    if settings.CODE_SENDER in FOR_TRYING_OUT and not settings.LOCAL:
        return [checks.Error("CODE_SENDER writes codes where others can read them.", HINT, id="inquiries.E001")]
    try:
        sender = import_string(settings.CODE_SENDER)
    except ImportError as error:
        return [checks.Error(f"CODE_SENDER cannot be imported: {error}", HINT, id="inquiries.E002")]
    return [] if callable(sender) else [checks.Error("CODE_SENDER is no function.", HINT, id="inquiries.E003")]


def refuse_to_start():
    """Raise SystemCheckError where a check of ours fails; a server does not run Django's checks by itself."""
    if found := checks.run_checks(tags=[TAG]):
        raise SystemCheckError("\n".join(f"{each.id}: {each.msg} {each.hint}" for each in found))
