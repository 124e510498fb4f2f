"""The way from one leaf to the root of its day, read from the stored chunks."""

from functools import cache

from accounts.merkle import StoredTree, hash_of
from accounts.models import SealedChunk


def tree_of(seal, chunks=SealedChunk):
    """The StoredTree of a Seal: one query now, and one for each chunk whose leaves a path needs.

    chunks: their model. A path raises IndexError or its DoesNotExist where chunks are missing.
    """
    chunks = chunks.objects.filter(day=seal.day)
    roots = [bytes(root) for root in chunks.order_by("number").values_list("root", flat=True)]

    @cache
    def leaves_of(number):
        return split_leaves(seal.algorithm, chunks.values_list("leaves", flat=True).get(number=number))

    return StoredTree(seal.algorithm, seal.leaves, roots, leaves_of)


def split_leaves(algorithm, joined):
    """The leaves of a chunk as a list."""
    size, joined = hash_of(algorithm)().digest_size, bytes(joined)
    return [joined[start : start + size] for start in range(0, len(joined), size)]
