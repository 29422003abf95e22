import socket

import pytest

from xingxian_portal.foundation.refusal import Refused
from xingxian_portal.processes import address
from xingxian_portal.processes.address import Address


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("127.0.0.1:8000", Address("127.0.0.1", 8000)),
        (" 0.0.0.0:80 ", Address("0.0.0.0", 80)),
        ("[::1]:8000", Address("::1", 8000)),
        ("localhost:65535", Address("localhost", 65535)),
        ("portal.example:1", Address("portal.example", 1)),
    ],
)
def test_a_host_and_a_port_are_understood(text, meant):
    assert address.parse(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "8000",
        ":8000",
        "host:",
        "host:0",
        "host:65536",
        "host:123456",
        "::1:8000",
        "a b:80",
        "http://h:80/",
        "h:８０",
    ],
)
def test_anything_else_is_refused(text):
    with pytest.raises(Refused, match="请写成 主机:端口"):
        address.parse(text)


def test_it_answers_to_its_own_name_only_when_bound_to_one():
    assert Address("127.0.0.1", 8000).hosts() == ["127.0.0.1"]
    assert Address("::1", 8000).urls() == ["http://[::1]:8000/"]


def test_bound_everywhere_it_answers_to_all_the_machine_s_names():
    hosts = Address("0.0.0.0", 8000).hosts()
    assert hosts[0] == "127.0.0.1"
    assert hosts[-1] == socket.gethostname().lower()
    assert len(hosts) == len(set(hosts))


def test_a_free_address_is_let_through():
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    address.ensure_free(Address("127.0.0.1", port))


def test_an_address_in_use_is_refused_with_the_way_out():
    with socket.create_server(("127.0.0.1", 0)) as other, pytest.raises(Refused, match=r"已被别的程序占用.*--bind"):
        address.ensure_free(Address("127.0.0.1", other.getsockname()[1]))


def test_an_address_of_another_machine_is_refused():
    with pytest.raises(Refused, match=r"192\.0\.2\.1 不是本机的地址"):
        address.ensure_free(Address("192.0.2.1", 8000))


def test_a_host_nobody_knows_is_refused():
    with pytest.raises(Refused, match="查不到"):
        address.ensure_free(Address("no such host", 8000))
