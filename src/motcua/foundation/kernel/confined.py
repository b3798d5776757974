"""Starts a program in a room of its own: `python -m motcua.foundation.kernel.confined LIMITS PROGRAM ARGUMENT...`.

LIMITS is JSON: `cpu_seconds`, `memory_bytes`, `file_bytes`, each for every single process. What is started gets no
network (a network namespace of its own), cannot gain privileges, leaves no core, and ends with whoever asked for it.
For programs that must open files and start others, which `lockdown` forbids. Source: Linux prctl(2), setrlimit(2),
network_namespaces(7).
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import sys

_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38


def confine(*, cpu_seconds: int, memory_bytes: int, file_bytes: int) -> None:
    """Limit this process and all it starts, for good. Where the kernel forbids the namespace, the rest still holds."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.unshare(_CLONE_NEWNET if os.getuid() == 0 else _CLONE_NEWUSER | _CLONE_NEWNET)
    if libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) or libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")
    for what, limit in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_FSIZE, file_bytes),
    ):
        resource.setrlimit(what, (limit, limit))


def main() -> None:
    limits, program, *arguments = sys.argv[1:]
    confine(**json.loads(limits))
    os.execvp(program, [program, *arguments])  # noqa: S606  that is what it is for


if __name__ == "__main__":
    main()
