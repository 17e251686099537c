"""A network of a test's own: every port of it is free, and nobody else is there."""

import ctypes
import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.services import program

NEW_NETWORK = 0x40000000  # CLONE_NEWNET
NAME_SERVER = "10.0.2.3"  # slirp4netns, which asks this machine's


@contextmanager
def own_network(*, way_out: bool = False) -> Iterator[None]:
    """What this thread asks and starts within finds nobody but each other; with a `way_out` also what this machine
    reaches, though not this machine itself.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    with Path("/proc/thread-self/ns/net").open() as before, ExitStack() as stack:
        assert libc.unshare(NEW_NETWORK) == 0, os.strerror(ctypes.get_errno())
        try:
            subprocess.run([program("ip", "iproute2"), "link", "set", "lo", "up"], check=True)  # noqa: S603 -- the system's
            if way_out:
                stack.enter_context(_led_out(before.fileno()))
            yield
        finally:
            assert libc.setns(before.fileno(), NEW_NETWORK) == 0, os.strerror(ctypes.get_errno())


@contextmanager
def _led_out(network: int) -> Iterator[None]:
    """What this thread's network sends is sent from that other one, by a process that stands in both."""
    nsenter, slirp4netns = program("nsenter", "util-linux"), program("slirp4netns")
    here = f"/proc/{os.getpid()}/task/{threading.get_native_id()}/ns/net"
    ready, tell = os.pipe()
    with subprocess.Popen(  # noqa: S603 -- the system's
        [
            *(nsenter, f"--net=/proc/self/fd/{network}"),
            *(slirp4netns, "--configure", "--disable-host-loopback", "--mtu=65520"),
            *(f"--ready-fd={tell}", "--netns-type=path", here, "tap0"),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=(network, tell),
    ) as process:
        os.close(tell)
        try:
            assert os.read(ready, 1) == b"1", "slirp4netns does not start."
            yield
        finally:
            os.close(ready)
            process.terminate()
