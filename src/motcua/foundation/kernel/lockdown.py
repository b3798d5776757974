"""The fork server behind `limited`, a process of its own.

It loads the modules, gives up the network, root and its privileges, and then forks one child per order. Orders come
as datagrams on a socket: JSON, and with it two descriptors: where the answer goes, and the file. It ends when the
other end of the socket is closed, and its children end with it.

A child can compute, read the file and write its answer. It has no network (a network namespace of its own), no
environment, no other descriptors and cannot open any (RLIMIT_NOFILE 0), cannot make processes or threads
(RLIMIT_NPROC 0), writes no files (RLIMIT_FSIZE 0), leaves no core, gains no privileges (no_new_privs), is nobody where
we are root, and is limited in CPU time, wall time and memory. On x86-64 the kernel besides refuses every system call
outside a list of about forty (seccomp). Source: Linux prctl(2), setrlimit(2), seccomp(2), network_namespaces(7).
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import json
import os
import platform
import resource
import select
import signal
import socket
import struct
import sys
import time
from typing import Any

HEADER = struct.Struct(">IQ")
NOBODY = 65534

_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_PR_SET_PDEATHSIG, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 22, 38
_SECCOMP_MODE_FILTER = 2
_ORDER_BYTES = 256 * 1024

# read write close fstat poll lseek mmap mprotect munmap brk rt_sigaction rt_sigprocmask rt_sigreturn pread64 readv
# writev sched_yield mremap madvise dup getpid sendto exit getrusage gettimeofday sigaltstack gettid futex
# sched_getaffinity clock_gettime clock_getres exit_group newfstatat set_robust_list getrandom rseq
_ALLOWED_X86_64 = (
    *(0, 1, 3, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 17, 19, 20, 24, 25, 28, 32, 39, 44, 60, 96, 98),
    *(131, 186, 202, 204, 228, 229, 231, 262, 273, 318, 334),
)

_libc = ctypes.CDLL(None, use_errno=True)


class Objection(Exception):
    """What a function says of a file it was given. `code` and `fields` are JSON; the caller puts them into words."""

    def __init__(self, code: str, **fields: Any) -> None:
        super().__init__(code)
        self.code, self.fields = code, fields


class _Filter(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("program", ctypes.c_void_p)]


def serve(control: socket.socket) -> None:
    """Fork a child for each order until the other end closes; then return."""
    alarm_read, alarm_write = os.pipe()
    os.set_blocking(alarm_write, False)
    os.set_blocking(alarm_read, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(alarm_write, warn_on_full_buffer=False)
    children: dict[int, tuple[float, socket.socket]] = {}
    while True:
        soonest = min((deadline for deadline, _ in children.values()), default=None)
        wait = None if soonest is None else max(0, soonest - time.monotonic())
        ready, _, _ = select.select([control.fileno(), alarm_read], [], [], wait)
        if alarm_read in ready:
            os.read(alarm_read, 4096)
        _bury(children)
        if control.fileno() in ready and not _take_order(control, children):
            return


def _take_order(control: socket.socket, children: dict[int, tuple[float, socket.socket]]) -> bool:
    message, handles, _, _ = socket.recv_fds(control, _ORDER_BYTES, 2)
    if not message:
        return False
    order = json.loads(message)
    answer = socket.socket(fileno=handles[0])
    child = os.fork()
    if child == 0:
        _work(order, answer, handles[1])
    os.close(handles[1])
    children[child] = (time.monotonic() + order["wall_seconds"], answer)
    return True


def _bury(children: dict[int, tuple[float, socket.socket]]) -> None:
    """Kill who is overdue; tell the callers of the dead how each ended."""
    now = time.monotonic()
    for child, (deadline, _) in children.items():
        if deadline <= now:
            os.kill(child, signal.SIGKILL)
    for child in list(children):
        ended, status = os.waitpid(child, os.WNOHANG)
        if not ended:
            continue
        _, answer = children.pop(child)
        ending = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
        with contextlib.suppress(OSError):  # the caller left, or has a whole answer still to read
            answer.send(bytes([ending]), socket.MSG_DONTWAIT)
        answer.close()


def _work(order: dict[str, Any], answer: socket.socket, source: int) -> None:
    """The child's whole life."""
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.dup2(answer.detach(), 0)
        os.dup2(source, 1)
        os.closerange(2, 256)
        module, _, name = order["function"].partition(":")
        function = getattr(sys.modules[module], name)
        lock_down(cpu_seconds=order["cpu_seconds"], memory_bytes=order["memory_bytes"])
        head, content = _call(function, order["options"])
        _send_all(HEADER.pack(len(head), len(content)) + head + content)
    finally:
        os._exit(0)


def _call(function: Any, options: dict[str, Any]) -> tuple[bytes, bytes]:
    content: bytes = b""
    try:
        with open(1, "rb", closefd=False) as file:
            value = function(file, **options)
        if isinstance(value, tuple):
            value, content = value
        told = {"outcome": "done", "value": value}
    except Objection as objection:
        told = {"outcome": "objection", "value": {"code": objection.code, "fields": objection.fields}}
    except MemoryError:
        told = {"outcome": "memory", "value": None}
    except Exception as error:
        # Only the name of the type: its words may be the file's.
        told = {"outcome": "failed", "value": type(error).__name__}
    return json.dumps(told).encode(), content


def _send_all(reply: bytes) -> None:
    rest = memoryview(reply)
    while rest:
        rest = rest[os.write(0, rest) :]


def lock_down(*, cpu_seconds: int, memory_bytes: int) -> None:
    """Give up, in this process and for good, all that a child of the server does not need (see the module)."""
    if _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) or _libc.prctl(
        _PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0
    ):
        raise OSError(ctypes.get_errno(), "prctl")
    for what, limit in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_NOFILE, 0),
    ):
        resource.setrlimit(what, (limit, limit))
    if platform.machine() == "x86_64":
        _filter_system_calls(_ALLOWED_X86_64)


def _filter_system_calls(allowed: tuple[int, ...]) -> None:
    """Answer EPERM to every system call but these; end the process at one of another architecture."""
    load, equal, at_least, result = 0x20, 0x15, 0x35, 0x06
    kill, permit, refuse = 0x80000000, 0x7FFF0000, 0x00050000 | 1
    audit_arch_x86_64, x32_bit = 0xC000003E, 0x40000000
    count = len(allowed)
    program = [
        (load, 0, 0, 4),
        (equal, 0, count + 3, audit_arch_x86_64),
        (load, 0, 0, 0),
        (at_least, count + 1, 0, x32_bit),
        *((equal, count - position + 1, 0, number) for position, number in enumerate(allowed)),
        (result, 0, 0, refuse),
        (result, 0, 0, kill),
        (result, 0, 0, permit),
    ]
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in program))
    described = _Filter(len(program), ctypes.addressof(code))
    if _libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(described), 0, 0):
        raise OSError(ctypes.get_errno(), "seccomp")


def _give_up_privileges() -> None:
    """Once, in the server: its children inherit the empty network and the unprivileged user."""
    if os.getuid() == 0:
        _libc.unshare(_CLONE_NEWNET)
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    else:
        # Where the kernel forbids it, the filter of system calls still leaves no way to a socket.
        _libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)
    _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    os.environ.clear()
    os.chdir("/")


def main() -> None:
    """Arguments: the descriptor of the socket that orders come by, then the modules to load."""
    for module in sys.argv[2:]:
        importlib.import_module(module)
    _give_up_privileges()
    gc.freeze()
    serve(socket.socket(fileno=int(sys.argv[1])))
