"""Which addresses are fetched: tables over what people write and over what names stand for."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fetching.conftest import Net
from tzurot.fetching import targets
from tzurot.fetching.fetcher import Fetcher
from tzurot.fetching.refusals import FetchRefused, Problem

# Spellings of this machine, its neighbors and its cloud, as resolvers and browsers read them.
NUMBERS = [
    # 127.0.0.1
    "127.0.0.1",
    "127.0.0.1.",
    "127.1",
    "127.0.1",
    "127.1.",
    "2130706433",
    "2130706433.",
    "0x7f000001",
    "0X7F000001",
    "0x7f.0.0.1",
    "0x7f.1",
    "0x7f.0x0.0x0.0x1",
    "017700000001",
    "0177.0.0.1",
    "0177.1",
    "00000177.0.0.1",
    "127.000.000.001",
    "127.0.0.0x1",
    "4294967297",
    "425.510.425.510",
    "127.0.0.1%00",
    "127%2e0%2e0%2e1",
    "%31%32%37.0.0.1",
    "１２７.0.0.1",
    "①②⑦.⓪.⓪.①",
    "127。0。0。1",
    "127．0．0．1",
    "0x7f。1",
    "𝟏𝟐𝟕.0.0.1",
    # anything on this machine
    "0",
    "0.0.0.0",  # noqa: S104 - nothing is bound
    "0x0",
    "00",
    "0.1",
    # neighbors
    "10.0.0.1",
    "10.1",
    "012.0.0.1",
    "0xa.1",
    "172.16.0.1",
    "192.168.0.1",
    "192.168.1",
    "3232235521",
    "0xc0a80001",
    "100.64.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "4294967295",
    # clouds
    "169.254.169.254",
    "2852039166",
    "0xa9fea9fe",
    "0251.0376.0251.0376",
    "0xa9.0xfe.0xa9.0xfe",
    "169.254.43518",
    "100.100.100.200",
    "168.63.129.16",
    # IPv6
    "[::1]",
    "[::]",
    "[0:0:0:0:0:0:0:1]",
    "[0000::0001]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[::ffff:0:127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b::169.254.169.254]",
    "[64:ff9b:1::a00:1]",
    "[2002:7f00:1::]",
    "[2002:a9fe:a9fe::]",
    "[2001:0:7f00:1::]",
    "[fe80::1]",
    "[fe80::1%25eth0]",
    "[fe80::1%eth0]",
    "[::1%251]",
    "[fc00::1]",
    "[fd00:ec2::254]",
    "[ff02::1]",
    "[::1].",
    "[v1.::1]",
    "::1",
    # public ones, for which no name stands
    "93.184.215.14",
    "1.1",
    "[2606:4700::1111]",
    # names that only a machine or its network knows
    "localhost",
    "LOCALHOST.",
    "ⓛocalhost",
    "router",
    "metadata",
]


@pytest.mark.parametrize("host", NUMBERS)
async def test_a_machine_is_never_meant_by_number(host: str, net: Net, fetching: Fetcher) -> None:
    with pytest.raises(FetchRefused) as refused:
        await fetching.fetch(f"https://{host}/a", limit_bytes=10, seconds=5)
    assert refused.value.problem is Problem.BAD_ADDRESS
    assert (net.resolved, net.connected) == ([], [])


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("http://files.example.org/", Problem.NOT_HTTPS),
        ("HTTP://files.example.org/", Problem.NOT_HTTPS),
        ("ftp://files.example.org/", Problem.NOT_HTTPS),
        ("gopher://files.example.org/", Problem.NOT_HTTPS),
        ("file:///etc/passwd", Problem.NOT_HTTPS),
        ("data:,hello", Problem.NOT_HTTPS),
        ("wss://files.example.org/", Problem.NOT_HTTPS),
        ("//files.example.org/", Problem.NOT_HTTPS),
        ("files.example.org", Problem.NOT_HTTPS),
        (" https://files.example.org/", Problem.NOT_HTTPS),
        ("", Problem.NOT_HTTPS),
        ("https:", Problem.BAD_ADDRESS),
        ("https:///a", Problem.BAD_ADDRESS),
        ("https://.", Problem.BAD_ADDRESS),
        ("https://..example.org", Problem.BAD_ADDRESS),
        ("https://files.example.org..", Problem.BAD_ADDRESS),
        ("https://files..example.org", Problem.BAD_ADDRESS),
        ("https://-files.example.org", Problem.BAD_ADDRESS),
        ("https://files.example.o", Problem.BAD_ADDRESS),
        ("https://*.example.org", Problem.BAD_ADDRESS),
        ("https://files.example.org:80/", Problem.BAD_ADDRESS),
        ("https://files.example.org:8443/", Problem.BAD_ADDRESS),
        ("https://files.example.org:22/", Problem.BAD_ADDRESS),
        ("https://files.example.org:x/", Problem.BAD_ADDRESS),
        ("https://files.example.org:443:443/", Problem.BAD_ADDRESS),
        ("https://user@files.example.org/", Problem.BAD_ADDRESS),
        ("https://user:word@files.example.org/", Problem.BAD_ADDRESS),
        ("https://:@files.example.org/", Problem.BAD_ADDRESS),
        ("https://files.example.org@127.0.0.1/", Problem.BAD_ADDRESS),
        ("https://127.0.0.1\\@files.example.org/", Problem.BAD_ADDRESS),
        ("https://files.example.org\\.evil.example/", Problem.BAD_ADDRESS),
        ("https://files.example.org%2f@evil.example/", Problem.BAD_ADDRESS),
        ("https://files example.org/", Problem.BAD_ADDRESS),
        ("https://files.example.org\r\nHost: a/", Problem.BAD_ADDRESS),
        ("https://files.example.org/\r\nHost: a", Problem.BAD_ADDRESS),
        ("https://files.example.org/\x00", Problem.BAD_ADDRESS),
        ("https://" + "a" * 64 + ".example.org/", Problem.BAD_ADDRESS),
        ("https://" + "a." * 130 + "example.org/", Problem.BAD_ADDRESS),
        ("https://files.example.org/" + "a" * 70_000, Problem.BAD_ADDRESS),
        ("https://\ud800.example.org/", Problem.BAD_ADDRESS),
    ],
)
def test_what_is_not_an_address_of_ours(url: str, problem: Problem) -> None:
    with pytest.raises(FetchRefused) as refused:
        targets.parse(url)
    assert refused.value.problem is problem


@pytest.mark.parametrize(
    ("host", "asked"),
    [
        ("cdn.discordapp.com", "cdn.discordapp.com"),
        ("a_b.example.org", "a_b.example.org"),
        ("1.example.org", "1.example.org"),
        ("127.0.0.1.nip.io", "127.0.0.1.nip.io"),  # a name; what it stands for is looked at later
        ("münchen.example", "xn--mnchen-3ya.example"),
        ("MÜNCHEN.EXAMPLE", "xn--mnchen-3ya.example"),
        ("xn--mnchen-3ya.example", "xn--mnchen-3ya.example"),
        ("例え.テスト", "xn--r8jz45g.xn--zckzah"),
    ],
)
def test_a_name_is_asked_for_in_ascii(host: str, asked: str) -> None:
    assert targets.parse(f"https://{host}/").raw_host == asked.encode()


@pytest.mark.parametrize(
    "address",
    [
        # IPv4: the first and the last of each network
        *("0.0.0.0", "0.255.255.255", "10.0.0.0", "10.255.255.255"),  # noqa: S104 - nothing is bound
        *("100.64.0.0", "100.127.255.255", "127.0.0.1", "127.255.255.255"),
        *("169.254.0.0", "169.254.169.254", "169.254.255.255"),
        *("172.16.0.0", "172.31.255.255", "192.168.0.0", "192.168.255.255"),
        *("192.0.0.0", "192.0.0.9", "192.0.0.192", "192.0.0.255", "192.0.2.1", "192.88.99.1"),
        *("198.18.0.0", "198.19.255.255", "198.51.100.1", "203.0.113.1"),
        *("224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255"),
        *("168.63.129.16", "100.100.100.200"),
        # IPv6
        *("::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:93.184.215.14", "::ffff:0:a00:1"),
        *("64:ff9b::7f00:1", "64:ff9b::5db8:d70e", "64:ff9b:1::1", "100::1", "100:0:0:1::1"),
        *("2001::1", "2001:0:7f00:1::", "2001:2::1", "2001:10::1", "2001:20::1", "2001:1ff::1"),
        *("2001:db8::1", "2002::1", "2002:7f00:1::", "2002:5db8:d70e::", "3ffe::1", "3fff::1"),
        *("4000::1", "5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0"),
        *("fec0::1", "ff02::1", "2606:4700::1111%1"),
        # nothing
        *("", "files.example.org", "127.1", "0x7f000001", "2130706433", "93.184.215.014"),
    ],
)
def test_an_address_that_is_not_everybodys(address: str) -> None:
    assert not targets.is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        *("1.1.1.1", "9.255.255.255", "11.0.0.0", "93.184.215.14", "100.63.255.255", "100.128.0.0"),
        *("126.255.255.255", "128.0.0.0", "169.253.255.255", "169.255.0.0", "172.15.255.255"),
        *("172.32.0.0", "192.0.1.0", "192.167.255.255", "192.169.0.0", "198.17.255.255"),
        *(
            "198.20.0.0",
            "223.255.255.255",
            "2606:4700::1111",
            "2a00:1450:4001::200e",
            "2001:200::1",
        ),
        *("2001:4860:4860::8888", "2003::1", "2620:fe::fe"),
    ],
)
def test_an_address_that_is_everybodys(address: str) -> None:
    assert targets.is_public(address)


@given(st.integers(0, 2**32 - 1))
def test_an_ipv4_address_inside_of_an_ipv6_one_is_never_public(number: int) -> None:
    for prefix in ("::", "::ffff:0:0", "::ffff:0:0:0", "64:ff9b::", "64:ff9b:1::"):
        address = ipaddress.IPv6Address(int(ipaddress.IPv6Address(prefix)) + number)
        assert not targets.is_public(str(address))
    for prefix in ("2002::", "2001::"):
        shift = 80 if prefix == "2002::" else 64
        address = ipaddress.IPv6Address(int(ipaddress.IPv6Address(prefix)) + (number << shift))
        assert not targets.is_public(str(address))


@given(st.ip_addresses())
def test_what_is_public_is_never_what_python_calls_otherwise(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    if targets.is_public(str(address)):
        assert address.is_global
        assert not (address.is_private or address.is_multicast or address.is_reserved)


@given(st.text(max_size=40) | st.text(alphabet="htps:/.@[]%\\#?0x17af-。１ßİ", max_size=40))
def test_whatever_is_written_is_refused_or_is_a_plain_name(written: str) -> None:
    for url in (written, f"https://{written}", f"https://{written}.example.org/a"):
        try:
            parsed = targets.parse(url)
        except FetchRefused:
            continue
        name = parsed.raw_host.decode("ascii")
        assert parsed.scheme == "https"
        assert parsed.port is None
        assert not parsed.userinfo
        assert name == name.lower()
        assert name.rpartition(".")[2][0].isalpha()
        assert parsed.raw_path.isascii()
        assert not set(parsed.raw_path) & set(b"\r\n\0 ")


@given(st.text(max_size=40))
def test_whatever_a_redirect_says_is_refused_or_is_a_plain_name(location: str) -> None:
    try:
        target = targets.redirected(targets.parse("https://files.example.org/a/b"), location)
    except FetchRefused:
        return
    assert target.scheme == "https"
    assert not target.userinfo
