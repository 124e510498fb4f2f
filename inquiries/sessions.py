"""Sessions: how one begins, what it is limited to, how it ends. All of it is kept on the server (ASVS 7.2.3, 7.3).

The cookie names a row of Django's session table, that row a Session of ours. Its limits are compared on every request,
with one query that also brings the user and the number of her unread notices; Django's own query for the user falls
away. A clerk's session that nobody used is locked, not ended: the visit is closed, the password alone opens it again.
"""

import logging

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, get_user
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from . import devices, notices, opening
from .models import Inquiry, Notice, Session, User, Visit
from .session_limits import limits_of

logger = logging.getLogger(__name__)

RECORD = "session"
PREVIOUS = "previous_sign_in"
ANSWERS = "sign_in_answers"
# What a browser has to forget when a session ends (Clear-Site-Data).
CLEARED = '"cache", "storage"'


def note_answers(request, is_public, way_on=""):
    """Keep what the sign-in form was told until everything is proven: public computer or not, and where to go on.

    Kept in the session at the end of the request, because each proof begins a session anew.
    """
    request.sign_in_answers = [is_public, way_on]


def take_answers(request):
    """(is_public, way_on) of `note_answers`, once. Who was not asked, or did not say, sits at a public computer."""
    kept, request.sign_in_answers = getattr(request, "sign_in_answers", None), None
    return kept or request.session.pop(ANSWERS, [True, ""])


def settle(request, came_in):
    """At the end of a request: keep what was noted, and end the Session that it `came_in` (or None) but has left."""
    if answers := getattr(request, "sign_in_answers", None):
        request.session[ANSWERS] = answers
    if came_in and request.session.get(RECORD) != came_in.pk:
        end(came_in, Session.Ended.SIGNED_OUT)


@transaction.atomic
def begin(request, user, is_public, channel=Inquiry.Channel.WEB):
    """Write down that `user` is signed in from now on, in the session that login() has just made.

    Ends the oldest sessions beyond those she may have at once, and tells her of a device that is new.
    """
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    previous = user.sessions.order_by("-began_at").first()
    device = None if is_public else devices.recognise(request, user)
    if device is None and previous and channel == Inquiry.Channel.WEB:
        notices.tell(user, Notice.Kind.NEW_DEVICE, **devices.described(request))
    if device is None and not is_public and channel == Inquiry.Channel.WEB:
        device = devices.remember(request, user)
    now = timezone.now()
    session = Session.objects.create(
        user=user,
        known_device=device,
        channel=channel,
        is_public=is_public,
        began_at=now,
        last_seen_at=now,
        proved_at=now,
        **devices.described(request),
    )
    at_once = limits_of(user, channel, is_public).at_once
    surplus = user.sessions.open().order_by("-began_at", "-pk").values_list("pk", flat=True)[at_once:]
    end_all(user, Session.Ended.REPLACED, of=Session.objects.filter(pk__in=list(surplus)))
    request.session[RECORD] = session.pk
    if previous:
        request.session[PREVIOUS] = [previous.began_at.isoformat(), previous.channel]
    request.own_session = session
    logger.info("Signed in: user %s, session %s, %s", user.pk, session.pk, channel)
    return session


def leave(request, why=Session.Ended.SIGNED_OUT):
    """End the session that this request comes in, if there is one, and its inquiry. Its cookie still has to go."""
    opening.close(request)
    pk = request.session.pop(RECORD, None)
    Session.objects.open().filter(pk=pk).update(ended_at=timezone.now(), ended_why=why)


def end(session, why):
    """End one session: it opens no page any more."""
    return end_all(session.user, why, of=Session.objects.filter(pk=session.pk))


def end_all(user, why, keep=None, of=None):
    """End all open sessions of a user, or those `of` a queryset, but `keep`; gives how many. They are dead at once."""
    sessions = (user.sessions.all() if of is None else of).open().exclude(pk=keep.pk if keep else None)
    ended = sessions.update(ended_at=timezone.now(), ended_why=why)
    if ended:
        logger.info("Sessions ended: user %s, %s: %s", user.pk, why, ended)
    return ended


def ends_at(session):
    """When the session is over, or locked, if nobody uses it again."""
    return min(session.last_seen_at + limits(session).idle, session.began_at + limits(session).whole)


def limits(session):
    return limits_of(session.user, session.channel, session.is_public)


def over_because(session, now):
    """Why the session may not be used any more, as a Session.Ended; "" where it may."""
    if session.ended_at:
        return session.ended_why
    if session.user.frozen_at:
        return Session.Ended.FROZEN
    if not session.user.is_active:
        return Session.Ended.DISABLED
    if now >= session.began_at + limits(session).whole:
        return Session.Ended.WHOLE
    if now >= session.last_seen_at + limits(session).idle and not limits(session).locks:
        return Session.Ended.IDLE
    return ""


def look(request):
    """Find out in whose session a request comes; sets `own_session`, `locked_session` or `over` on it, and the user."""
    request.own_session = request.locked_session = request.over = None
    pk, whose = request.session.get(RECORD), request.session.get(SESSION_KEY)
    if pk is None and whose is None:
        return
    session, now = Session.objects.with_unread().filter(pk=pk).first(), timezone.now()
    if session is None or (str(session.user_id) != whose and not session.ended_at):
        request.session.flush()
        _be(request, AnonymousUser())
    elif why := over_because(session, now):
        request.over = (session.user.kind, why)
        if whose:
            _take_out(request, session, why)
    elif session.locked_at or now >= session.last_seen_at + limits(session).idle:
        lock(session, now)
        request.locked_session = session
        _be(request, AnonymousUser())
    elif _is_whole(request, session.user):
        request.own_session = session
        _be(request, session.user)
    else:
        # Django drops a session whose password has changed since, or renews one signed by an older key.
        _be(request, get_user(request))
        request.own_session = session if request.user.is_authenticated else None


def _take_out(request, session, why):
    """End a session that is over. The browser keeps a new one that is nobody's and only knows which: to say why."""
    end(session, why)
    opening.close(request)
    request.session.flush()
    request.session[RECORD] = session.pk
    request.forget = True
    _be(request, AnonymousUser())


def _is_whole(request, user):
    return constant_time_compare(request.session.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash())


def _be(request, user):
    request.user = request._cached_user = user


def touch(session, now=None):
    """Write down that the session is in use; at most once a minute, so that pages do not wait for it."""
    now = now or timezone.now()
    if now - session.last_seen_at >= limits(session).seen_every:
        extend(session, now)


def extend(session, now=None):
    """The session is in use now, whenever that was last written down."""
    session.last_seen_at = now or timezone.now()
    Session.objects.open().filter(pk=session.pk).update(last_seen_at=session.last_seen_at)


def prove(request, session):
    """Its owner has just proven again who she is: the session has a new key, is unlocked and fresh."""
    request.session.cycle_key()
    now = timezone.now()
    session.proved_at, session.last_seen_at, session.locked_at = now, now, None
    session.save(update_fields=["proved_at", "last_seen_at", "locked_at"])


def lock(session, now):
    """Lock a session left alone: the visit of the clerk is closed, and no inquiry of hers is open any more."""
    if session.locked_at:
        return
    with transaction.atomic():
        session.locked_at = now
        session.save(update_fields=["locked_at"])
        Inquiry.objects.filter(user=session.user, closed_at=None).update(closed_at=now)
        Visit.objects.filter(clerk__user=session.user, closed_at=None).update(closed_at=now)


def seconds_left(session):
    return max(0, int((ends_at(session) - timezone.now()).total_seconds()))
