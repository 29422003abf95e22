"""Where the portal listens, and under which names other machines may call it."""

from __future__ import annotations

import errno
import fcntl
import ipaddress
import re
import socket
import struct
from dataclasses import dataclass

from xingxian_portal.foundation.refusal import Refused

EVERY_INTERFACE = {"0.0.0.0", "::"}  # noqa: S104 — named to be recognised, not bound here
SIOCGIFADDR = 0x8915


@dataclass(frozen=True)
class Address:
    """A host and a port to listen at."""

    host: str
    port: int

    @property
    def local_host(self) -> str:
        """Give the host under which this machine reaches itself."""
        return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104 — an address to show, not to bind

    def hosts(self) -> list[str]:
        """Give the names and addresses under which a browser may ask for the portal, this machine's first."""
        if self.host not in EVERY_INTERFACE:
            return [self.host]
        return [self.local_host, *interface_addresses(), socket.gethostname().lower()]

    def urls(self) -> list[str]:
        """Give one address for the browser for each of `hosts`."""
        return [f"http://{bracketed(host)}:{self.port}/" for host in self.hosts()]


def parse(text: str) -> Address:
    """Give the address meant by `--bind HOST:PORT`; refuse anything else."""
    found = re.fullmatch(r"(\[[0-9A-Fa-f:.]+\]|[^\s:\[\]]+):([0-9]{1,5})", text.strip())
    if not found or not 1 <= int(found[2]) <= 65535:
        raise Refused(f"--bind {text!r} 无法识别：请写成 主机:端口，例如 127.0.0.1:8000 或 0.0.0.0:8000。")
    return Address(found[1].strip("[]"), int(found[2]))


def bracketed(host: str) -> str:
    """Give `host` as it stands in a web address or in ALLOWED_HOSTS: IPv6 in brackets."""
    return f"[{host}]" if ":" in host else host


def interface_addresses() -> list[str]:
    """Give this machine's IPv4 addresses on other interfaces than loopback."""
    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
        for _index, name in socket.if_nameindex():
            try:
                answer = fcntl.ioctl(asker, SIOCGIFADDR, struct.pack("256s", name.encode()[:15]))
            except OSError:
                continue  # an interface without an IPv4 address
            found.append(socket.inet_ntoa(answer[20:24]))
    return [address for address in dict.fromkeys(found) if not ipaddress.ip_address(address).is_loopback]


def ensure_free(address: Address) -> None:
    """Refuse an address that cannot be listened at: in use, not this machine's, or a port for root."""
    try:
        family, kind, proto, _name, place = socket.getaddrinfo(
            address.host, address.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except socket.gaierror as error:
        raise Refused(f"--bind 里的主机 {address.host} 查不到：请填本机的地址，例如 127.0.0.1 或 0.0.0.0。") from error
    with socket.socket(family, kind, proto) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(place)
        except OSError as error:
            raise Refused(_why_not(address, error)) from error


def _why_not(address: Address, error: OSError) -> str:
    shown = f"{bracketed(address.host)}:{address.port}"
    if error.errno == errno.EADDRINUSE:
        return f"地址 {shown} 已被别的程序占用：请先停掉那个程序，或用 --bind 换一个端口，例如 --bind 127.0.0.1:8001。"
    if error.errno == errno.EADDRNOTAVAIL:
        return f"--bind 里的 {address.host} 不是本机的地址：请填 127.0.0.1（只供本机）或 0.0.0.0（供内网）。"
    if error.errno == errno.EACCES:
        return f"没有权限使用 {address.port} 端口（1024 以下要管理员权限）：请用 --bind 换一个，例如 127.0.0.1:8000。"
    return f"地址 {shown} 无法使用（{error.strerror}）：请用 --bind 换一个。"
