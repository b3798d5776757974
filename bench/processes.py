"""CPU time and memory of groups of processes."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import psutil


@dataclass(frozen=True, slots=True)
class Memory:
    """In MB. `pss` shares out what processes have in common; None where the system does not tell."""

    rss: float
    pss: float | None


class Groups:
    """Named trees of processes, each given by its root: web, worker, database."""

    def __init__(self, roots: Mapping[str, int]) -> None:
        self.roots = {name: psutil.Process(pid) for name, pid in roots.items()}

    def cpu_seconds(self) -> dict[str, float]:
        """CPU time used so far. Ended children count with their parent: nothing is lost or doubled."""
        return {name: sum(map(_cpu, _tree(root))) for name, root in self.roots.items()}

    def memory(self) -> dict[str, Memory]:
        return {name: _memory(list(_tree(root))) for name, root in self.roots.items()}


def _tree(root: psutil.Process) -> Iterator[psutil.Process]:
    yield root
    yield from root.children(recursive=True)


def _cpu(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    ended = getattr(times, "children_user", 0.0) + getattr(times, "children_system", 0.0)
    return float(times.user + times.system + ended)


def _memory(processes: list[psutil.Process]) -> Memory:
    rss, pss = 0, 0
    known = True
    for process in processes:
        try:
            rss += process.memory_info().rss
            pss += process.memory_full_info().pss
        except psutil.NoSuchProcess:
            continue
        except (psutil.AccessDenied, AttributeError):
            known = False
    megabyte = 1024 * 1024
    return Memory(rss / megabyte, pss / megabyte if known else None)


def postmaster(data: os.PathLike[str]) -> int:
    """The process id of the PostgreSQL server of a data folder."""
    with open(os.path.join(data, "postmaster.pid"), encoding="utf-8") as file:
        return int(file.readline())
