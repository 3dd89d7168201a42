"""What we call for somebody else: public hosts alone, whatever an address or a name says."""

import socket

import pytest

from exchange import outgoing
from exchange.outgoing import Unreachable, answer, checked, is_public
from tests.integration.strangers import HOST, reachable, stranger

INSIDE = [
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",  # noqa: S104 - compared, not bound
    "10.0.0.8",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "192.0.0.8",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:10.0.0.1",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::a00:1",
    "2002:7f00:1::",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
]


@pytest.mark.parametrize("address", INSIDE)
def test_no_address_of_our_own_house_is_public_however_it_is_written(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "2606:4700::1111", "::ffff:1.1.1.1"])
def test_the_others_are(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "host",
    ["localhost", "127.1", "2130706433", "0x7f.1", "017700000001", "[::1]", "[::ffff:127.0.0.1]"],
)
def test_a_host_that_leads_inside_is_refused_in_every_spelling(host):
    with pytest.raises(Unreachable), answer(f"https://{host}/"):
        pass


@pytest.mark.parametrize(
    "url",
    [
        "http://a.org/",
        "ftp://a.org/",
        "file:///etc/passwd",
        "//a.org/",
        "https://",
        "https://u:p@a.org/",
        "https://:p@a.org/",
        "https://a.org:99999/",
        "https://[::1",
        "gopher://a.org",
        "",
    ],
)
def test_https_to_a_host_is_called_and_nothing_else(url):
    with pytest.raises(Unreachable, match="not_https"):
        checked(url)


@pytest.fixture
def known(monkeypatch):
    return reachable(monkeypatch)


def test_a_call_brings_its_body_to_the_host_of_its_name(known):
    with stranger() as there:
        headers = {"Content-Type": "application/json"}
        with answer(f"{there.url}?a=1", body=b"{}", headers=headers) as found:
            assert (found.status, found.read()) == (200, b"thank you")
    (call,) = there.calls
    assert (call.method, call.path, call.body) == ("POST", "/hook?a=1", b"{}")
    assert call.headers["Host"].startswith(HOST)


def test_a_redirect_is_an_answer_and_not_followed(known):
    with stranger() as there:
        there.status, there.headers = 302, {"Location": "https://169.254.169.254/latest"}
        with answer(there.url) as found:
            assert found.status == 302
    assert len(there.calls) == 1
    assert len(known) == 1


def test_a_name_that_answers_differently_the_second_time_leads_nowhere_else(monkeypatch):
    answers = [["1.1.1.1"], ["127.0.0.1"]]
    connected = []

    def looked_up(_host, port, **_options):
        now = answers.pop(0)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in now]

    def connect(address, _patience):
        connected.append(address)
        raise OSError("nobody there")

    monkeypatch.setattr(outgoing.socket, "getaddrinfo", looked_up)
    monkeypatch.setattr(outgoing.socket, "create_connection", connect)
    with pytest.raises(Unreachable, match="no_answer"), answer("https://rebinding.example/"):
        pass
    assert connected == [("1.1.1.1", 443)]
    assert answers == [["127.0.0.1"]]


def test_one_private_address_among_public_ones_is_enough_to_refuse(monkeypatch):
    def looked_up(_host, port, **_options):
        both = ("1.1.1.1", "10.0.0.1")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in both]

    monkeypatch.setattr(outgoing.socket, "getaddrinfo", looked_up)
    with pytest.raises(Unreachable, match="not_public"), answer("https://both.example/"):
        pass


def test_a_certificate_of_another_host_is_no_answer(known, monkeypatch):
    with stranger() as there:
        other = there.url.replace(HOST, "other.example.org")
        with pytest.raises(Unreachable, match="no_answer"), answer(other):
            pass
        monkeypatch.setattr(outgoing, "tls", outgoing.ssl.create_default_context)
        with pytest.raises(Unreachable, match="no_answer"), answer(there.url):
            pass
    assert there.calls == []
