"""Sheets of printed codes for the tests: real codes, really checked and used up, but known beforehand and plenty."""

from django.utils import timezone

from inquiries.models import PrintedCode, User

COUNT = 100


def code(number):
    """The code in this place of everybody's sheet, from 1 on."""
    return f"{number * 7919 % 10**8:08d}"


def give(user):
    """A sheet for this user, longer than an office's, because a test may sign in many times."""
    PrintedCode.objects.bulk_create(
        PrintedCode(user=user, code_hash=PrintedCode.hash_of(user.pk, code(number)), printed_at=timezone.now())
        for number in range(1, COUNT + 1)
    )
    User.objects.filter(pk=user.pk).update(second_factor_since=timezone.now())


def next_code(user_id):
    """The first code on the sheet that this user has not crossed out."""
    used = PrintedCode.objects.filter(user=user_id).exclude(used_at=None).count()
    return code(used + 1)
