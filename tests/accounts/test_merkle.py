"""Trees and canonical bytes: the vectors of RFC 6962 and our own, and a naive tree beside ours."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts import canonical, merkle

# The inputs and roots with which certificate-transparency projects test RFC 6962, section 2.1.
INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = """
6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d
fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125
aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77
d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7
4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4
76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef
ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c
5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328
""".split()


def leaves(count):
    return [hashlib.sha256(str(number).encode()).digest() for number in range(count)]


def naive_root(nodes):
    """MTH of RFC 6962, section 2.1, word for word."""
    if len(nodes) == 1:
        return nodes[0]
    left = 1
    while left * 2 < len(nodes):
        left *= 2
    return hashlib.sha256(b"\x01" + naive_root(nodes[:left]) + naive_root(nodes[left:])).digest()


def naive_path(position, nodes):
    """PATH of RFC 6962, section 2.1.1, word for word."""
    if len(nodes) == 1:
        return []
    left = 1
    while left * 2 < len(nodes):
        left *= 2
    if position < left:
        return [*naive_path(position, nodes[:left]), naive_root(nodes[left:])]
    return [*naive_path(position - left, nodes[left:]), naive_root(nodes[:left])]


def stored(nodes):
    """The tree as a seal keeps it: the roots of chunks of 1,024, and the chunks."""
    chunks = [nodes[start : start + merkle.CHUNK] for start in range(0, len(nodes), merkle.CHUNK)]
    roots = [merkle.root_of("sha256", chunk) for chunk in chunks]
    return merkle.StoredTree("sha256", len(nodes), roots, chunks.__getitem__), roots


@pytest.mark.parametrize("size", range(1, 9))
def test_the_vectors_of_certificate_transparency(size):
    hashed = [merkle.leaf_hash("sha256", b"", bytes.fromhex(text)) for text in INPUTS[:size]]
    assert merkle.root_of("sha256", hashed).hex() == ROOTS[size - 1]


def test_the_root_of_nothing_is_the_hash_of_nothing():
    assert merkle.root_of("sha256", []) == hashlib.sha256(b"").digest()


@given(st.integers(1, 300))
def test_the_streamed_root_is_the_naive_one(size):
    assert merkle.root_of("sha256", leaves(size)) == naive_root(leaves(size))


@pytest.mark.parametrize("size", [1, 2, 1023, 1024, 1025, 2048, 2049, 3072, 3077, 4096, 5000])
def test_the_root_over_the_chunks_is_the_root_of_the_whole(size):
    nodes = leaves(size)
    assert merkle.root_of("sha256", stored(nodes)[1]) == naive_root(nodes)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 1024, 1025, 3077])
def test_paths_read_from_chunks_are_the_naive_ones_and_lead_to_the_root(size):
    nodes = leaves(size)
    tree, _roots = stored(nodes)
    root = naive_root(nodes)
    for position in {0, 1, size // 2, size - 2, size - 1} & set(range(size)):
        path = tree.path(position)
        assert path == naive_path(position, nodes)
        assert merkle.root_by_path("sha256", nodes[position], position, size, path) == root


@given(st.integers(2, 100), st.data())
def test_a_path_holds_for_its_own_leaf_position_and_size_alone(size, data):
    nodes = leaves(size)
    position = data.draw(st.integers(0, size - 1))
    path, root = stored(nodes)[0].path(position), naive_root(nodes)
    other = data.draw(st.integers(0, size - 1).filter(lambda n: n != position))
    place = data.draw(st.integers(0, len(path) - 1))
    changed = [*path[:place], bytes(32), *path[place + 1 :]]
    for wrong in (
        merkle.root_by_path("sha256", nodes[other], position, size, path),
        merkle.root_by_path("sha256", nodes[position], other, size, path),
        merkle.root_by_path("sha256", nodes[position], position, size, changed),
        merkle.root_by_path("sha256", nodes[position], position, size, path[:-1]),
        merkle.root_by_path("sha256", nodes[position], position, size, [*path, bytes(32)]),
        merkle.root_by_path("sha256", nodes[position], -1, size, path),
        merkle.root_by_path("sha256", nodes[position], size, size, path),
    ):
        assert wrong != root


def test_another_algorithm_goes_by_its_name():
    assert merkle.leaf_hash("sha3_256", b"s", b"r") == hashlib.sha3_256(b"\x00sr").digest()
    with pytest.raises(ValueError):
        merkle.hash_of("no such hash")


@pytest.mark.skipif("sm3" not in hashlib.algorithms_available, reason="this OpenSSL has no SM3")
def test_sm3_where_openssl_has_it():
    assert merkle.hash_of("sm3")(b"abc").hexdigest() == (
        "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"  # GB/T 32905-2016, example 1
    )


ENTRY = {
    "person_id": 12,
    "person_seq": 3,
    "booked_month": "2026-10-01",
    "scheme": "pension",
    "area_code": "110000",
    "kind": "contrib_ind",
    "batch_id": 7,
    "line": 2,
    "period": "2026-10-01",
    "amount_fen": 64000,
    "rule_id": 6,
    "feed_row": 2,
    "undone_booked_month": None,
    "undone_kind": None,
    "undone_batch_id": None,
    "undone_line": None,
    "batch_kind": "contribution",
    "source_ref": "contribution/110000/pension/202610/slip/S1/1",
    "posted_at": 1793500000000000,
    "file_sha256": "ab" * 32,
}
SEAL = {
    "day": "2026-11-01",
    "algorithm": "sha256",
    "entries": 0,
    "batches": 0,
    "first_posted_at": None,
    "last_posted_at": None,
    "sealed_at": 1793600000000000,
    "root": hashlib.sha256(b"").hexdigest(),
    "previous": "00" * 32,
}


def test_the_bytes_of_an_entry_are_frozen():
    """The vector of docs/seals.md."""
    record = canonical.canonical_bytes("entry", canonical.joined("entry", ENTRY))
    assert record == (
        b"\x01entry\x1f12\x1f3\x1f2026-10-01\x1fpension\x1f110000\x1fcontrib_ind\x1f7\x1f2\x1f2026-10-01\x1f64000\x1f6"
        b"\x1f2\x1f\x1f\x1f\x1f\x1fcontribution\x1fcontribution/110000/pension/202610/slip/S1/1\x1f1793500000000000\x1f"
        + b"ab"
        * 32
    )
    leaf = merkle.leaf_hash("sha256", bytes(range(16)), record)
    assert leaf == hashlib.sha256(b"\x00" + bytes(range(16)) + record).digest()
    assert leaf.hex() == "46da1b08de9e92da519add62ac09833fb005bc092ba12f26c8048c733977ae67"


def test_the_bytes_of_a_seal_are_frozen():
    """The vector of docs/seals.md."""
    record = canonical.canonical_bytes("seal", canonical.joined("seal", SEAL))
    assert record.startswith(b"\x01seal\x1f2026-11-01\x1fsha256\x1f0\x1f0\x1f\x1f\x1f1793600000000000\x1fe3b0c442")
    assert merkle.seal_hash("sha256", record) == hashlib.sha256(b"\x02" + record).digest()
    assert (
        merkle.seal_hash("sha256", record).hex() == "8ac66118b28524845c2e78584c750c4431b7fd283a02caf9e5a3d66459cb324d"
    )


def test_a_field_that_holds_the_separator_has_no_bytes():
    with pytest.raises(canonical.NotCanonicalError):
        canonical.canonical_bytes("entry", canonical.joined("entry", ENTRY | {"source_ref": "a\x1fb"}))


@given(st.dictionaries(st.sampled_from(canonical.ENTRY), st.integers(-(10**6), 10**6), min_size=1))
def test_two_entries_that_differ_have_different_bytes(changes):
    changed = ENTRY | changes
    same = {name: str(value) for name, value in changed.items()} == {name: str(value) for name, value in ENTRY.items()}
    one, other = (canonical.canonical_bytes("entry", canonical.joined("entry", fields)) for fields in (ENTRY, changed))
    assert (one == other) == same
