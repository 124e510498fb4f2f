"""Signing in with a number and a password; one answer and one cost for every failure."""

from django.contrib.auth.backends import ModelBackend

from .models import User
from .passwords import normal


class NumberBackend(ModelBackend):
    """Finds the user by the keyed hash of kind and number; hashes a password even where there is no such user."""

    def authenticate(self, request, kind=None, login=None, password=None):
        if kind is None or login is None or password is None:
            return None
        password = normal(password)
        try:
            user = User.objects.with_login(kind, login)
        except User.DoesNotExist:
            User().set_password(password)
            return None
        return user if user.check_password(password) and self.user_can_authenticate(user) else None

    def user_can_authenticate(self, user):
        return super().user_can_authenticate(user) and user.frozen_at is None
