from ipaddress import ip_network

import pytest

from inquiries.source import is_hall, source_of

PROXIES = [ip_network("10.0.0.0/8"), ip_network("2001:db8:ffff::/48")]


@pytest.mark.parametrize(
    ("peer", "forwarded", "source"),
    [
        pytest.param("203.0.113.7", "", "203.0.113.7", id="nobody in between"),
        pytest.param("203.0.113.7", "198.51.100.1", "203.0.113.7", id="a header from a visitor"),
        pytest.param("10.0.0.2", "203.0.113.7", "203.0.113.7", id="a proxy of ours"),
        pytest.param("10.0.0.2", "198.51.100.1, 203.0.113.7", "203.0.113.7", id="what the visitor sent stands left"),
        pytest.param("10.0.0.2", "203.0.113.7, 10.0.0.9", "203.0.113.7", id="two proxies of ours"),
        pytest.param("10.0.0.2", "", "10.0.0.2", id="the proxy itself"),
        pytest.param("10.0.0.2", "no address", "10.0.0.2", id="an entry that is none"),
        pytest.param("10.0.0.2", "198.51.100.1, no address", "10.0.0.2", id="nothing is believed beyond such an entry"),
        pytest.param("2001:db8:ffff::1", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64", id="a network of 64 bits"),
        pytest.param("::ffff:203.0.113.7", "", "203.0.113.7", id="an old address in new dress"),
        pytest.param("", "203.0.113.7", "", id="a socket file that is not listed"),
    ],
)
def test_the_source_is_what_no_visitor_can_make_up(rf, settings, peer, forwarded, source):
    settings.TRUSTED_PROXIES = PROXIES
    assert source_of(rf.get("/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=forwarded)) == source


def test_a_proxy_behind_a_socket_file(rf, settings):
    settings.TRUSTED_PROXIES = ["unix"]
    request = rf.get("/", REMOTE_ADDR="", HTTP_X_FORWARDED_FOR="198.51.100.1, 203.0.113.7")
    assert source_of(request) == "203.0.113.7"


@pytest.mark.parametrize(
    ("source", "shared"),
    [("192.0.2.9", True), ("192.0.3.9", False), ("2001:db8:5::/64", True), ("2001:db8:6::/64", False), ("", False)],
)
def test_a_hall_is_one_that_is_listed(settings, source, shared):
    settings.HALL_ADDRESSES = [ip_network("192.0.2.0/24"), ip_network("2001:db8:5::/48")]
    assert is_hall(source) is shared
