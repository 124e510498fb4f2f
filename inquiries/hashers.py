"""Argon2id for passwords, and no more of it at once than two processors bear."""

from threading import BoundedSemaphore

from django.contrib.auth.hashers import Argon2PasswordHasher

# 100 MiB each: a rush of sign-ins waits in line instead of taking the machine's memory and its other pages' time.
AT_ONCE = BoundedSemaphore(2)


class Argon2id(Argon2PasswordHasher):
    """About 150 ms and 100 MiB a password; algorithm and parameters are kept with each hash."""

    time_cost = 2
    memory_cost = 102_400
    parallelism = 8

    def encode(self, password, salt):
        with AT_ONCE:
            return super().encode(password, salt)

    def verify(self, password, encoded):
        with AT_ONCE:
            return super().verify(password, encoded)
