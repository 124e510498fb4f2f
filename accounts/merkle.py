"""Merkle trees as in RFC 6962, section 2.1, with a salt in each leaf. Pure.

leaf = H(0x00 ‖ salt ‖ record), node = H(0x01 ‖ left ‖ right), seal = H(0x02 ‖ record): no bytes can be taken for those
of another kind. A tree is kept in chunks of 1,024 leaves. A chunk is a subtree, so the root of the whole is the root
over the roots of the chunks, and the path of one leaf needs the leaves of its own chunk alone.
"""

import hashlib
from functools import cache, partial

SHA256 = "sha256"
CHUNK = 1024
SALT_BYTES = 16
LEAF, NODE, SEAL = b"\x00", b"\x01", b"\x02"


@cache
def hash_of(algorithm):
    """The hash function of this name: bytes to an object with `digest()`. Raises ValueError where Python has none."""
    if algorithm in hashlib.algorithms_guaranteed:
        return getattr(hashlib, algorithm)
    hashlib.new(algorithm)
    return partial(hashlib.new, algorithm)


def leaf_hash(algorithm, salt, record):
    """The leaf of a record's canonical bytes; `salt`: 16 bytes by chance, since amounts are easy to guess."""
    return hash_of(algorithm)(LEAF + salt + record).digest()


def seal_hash(algorithm, record):
    return hash_of(algorithm)(SEAL + record).digest()


class Tree:
    """The root of leaves that are added one by one; it keeps one hash per level."""

    def __init__(self, algorithm):
        self.count = 0
        self._hash, self._peaks = hash_of(algorithm), []

    def add(self, leaf):
        count, self.count = self.count, self.count + 1
        while count & 1:
            leaf = self._hash(NODE + self._peaks.pop() + leaf).digest()
            count >>= 1
        self._peaks.append(leaf)

    def root(self):
        """The root over all that was added so far; of nothing, the hash of nothing."""
        if not self._peaks:
            return self._hash(b"").digest()
        *peaks, root = self._peaks
        for peak in reversed(peaks):
            root = self._hash(NODE + peak + root).digest()
        return root


def root_of(algorithm, leaves):
    tree = Tree(algorithm)
    for leaf in leaves:
        tree.add(leaf)
    return tree.root()


class StoredTree:
    """A tree kept in chunks, from which paths are read.

    roots: the root of each chunk, in order; leaves_of: function from a chunk's number to its leaves.
    """

    def __init__(self, algorithm, size, roots, leaves_of):
        self.size, self._roots, self._leaves_of = size, roots, leaves_of
        self._hash, self._known = hash_of(algorithm), {}

    def path(self, position):
        """The hashes beside the way from a leaf up to the root, lowest first (PATH of RFC 6962, section 2.1.1)."""
        beside, start, end = [], 0, self.size
        while end - start > 1:
            middle = start + _left_size(end - start)
            if position < middle:
                beside.append(self._subtree(middle, end))
                end = middle
            else:
                beside.append(self._subtree(start, middle))
                start = middle
        return beside[::-1]

    def _subtree(self, start, end):
        if (start, end) not in self._known:
            self._known[start, end] = self._computed(start, end)
        return self._known[start, end]

    def _computed(self, start, end):
        number, within = divmod(start, CHUNK)
        if not within and end == min(start + CHUNK, self.size):
            return self._roots[number]
        if end - start == 1:
            return self._leaves_of(number)[within]
        middle = start + _left_size(end - start)
        return self._hash(NODE + self._subtree(start, middle) + self._subtree(middle, end)).digest()


def _left_size(size):
    """The size of the left part of a tree: the largest power of two below its own."""
    return 1 << (size - 1).bit_length() - 1


def root_by_path(algorithm, leaf, position, size, path):
    """The root that a leaf and its path lead to, or None where the path is not one of this position and size."""
    if not 0 <= position < size:
        return None
    last, place, digest, beside = size - 1, position, leaf, iter(path)
    for other in beside:
        if not last:
            return None
        if place & 1 or place == last:
            digest = hash_of(algorithm)(NODE + other + digest).digest()
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            digest = hash_of(algorithm)(NODE + digest + other).digest()
        place, last = place >> 1, last >> 1
    return None if last else digest
