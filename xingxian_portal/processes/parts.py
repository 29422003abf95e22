"""Which processes the portal is made of, and how each is called."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from django.conf import settings

from xingxian_portal.foundation import beat_file
from xingxian_portal.processes import queue_server
from xingxian_portal.processes.address import Address, bracketed
from xingxian_portal.processes.child import Child
from xingxian_portal.processes.output import Console, Transcript
from xingxian_portal.settings import env

QUEUE_PATIENCE = 10.0
POOL = ["--pool=prefork", "--concurrency=2", "--without-mingle", "--without-gossip"]  # alone here: nobody to ask


def embedded_queue(folder: Path) -> Path | None:
    """Give the socket of the embedded queue; None when another queue is named by the environment."""
    return env.queue_socket(folder) if env.embedded_broker(folder) == settings.CELERY_BROKER_URL else None


def queue_opens(folder: Path) -> bool:
    """Wait for the embedded queue and give whether it opened; a queue elsewhere is not waited for."""
    socket = embedded_queue(folder)
    return socket is None or queue_server.wait_until_open(socket, QUEUE_PATIENCE)


def queue(folder: Path, console: Console) -> list[Child]:
    """Give the embedded queue's process, or none when another queue is used."""
    socket = embedded_queue(folder)
    if socket is None:
        return []
    return [Child(queue_server.command(folder, socket), Transcript("queue", folder / "logs", console), {})]


def rest(folder: Path, address: Address, console: Console) -> list[Child]:
    """Give web server, worker and beat."""
    python = [sys.executable, "-m"]
    celery = [*python, "celery", "-A", "xingxian_portal"]
    commands = {
        "web": [*python, "xingxian_portal.processes.web", address.host, str(address.port)],
        "worker": [*celery, "worker", *POOL],
        "beat": [*celery, "beat", f"--schedule={folder / beat_file.NAME}"],
    }
    extra = environment(folder, address)
    return [Child(command, Transcript(name, folder / "logs", console), extra) for name, command in commands.items()]


def environment(folder: Path, address: Address) -> dict[str, str]:
    """Give what the processes' environment needs beyond this one's: settings, folder, names to answer to, line form."""
    hosts = dict.fromkeys([*settings.ALLOWED_HOSTS, *map(bracketed, address.hosts())])
    # They are started as modules, from whatever folder the command was given in.
    path = [str(settings.BASE_DIR), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    return {
        "PYTHONPATH": os.pathsep.join(filter(None, path)),
        "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"],
        "PORTAL_DATA_DIR": str(folder),
        "ALLOWED_HOSTS": ",".join(hosts),
        "PORTAL_LOG_JSON": "1",
        "PYTHONUNBUFFERED": "1",
    }
