"""OCRmyPDF and Tesseract as programs of this machine: a PDF of pictures to a searchable PDF/A.

The programs are an extra: without them `missing` says so, and nothing else is concerned. They open a stranger's file,
so they run confined (`foundation.kernel.confined`): no network, no secrets, limits on time, memory and files.
Ghostscript is not used: OCRmyPDF draws pages with pdfium and writes PDF/A by pikepdf, which checks it.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import IO

from motcua.foundation.files.digitising_errors import NoReader, NotDigitised, TooSlow, UnreadableScan

logger = logging.getLogger(__name__)

_PLUGIN = Path(__file__).parents[1] / "ocr" / "progress.py"
_LANGUAGE = "vie"
_MB = 1024 * 1024
# A page takes 6 s of a processor of 2024. Of the clock thrice the limit: a busy machine is no reason to give up.
_CPU_SECONDS, _SECONDS_A_PAGE, _PATIENCE = 60, 60, 3
_MEMORY_BYTES, _FILE_BYTES = 3072 * _MB, 512 * _MB
_ANSWER_BYTES = 200 * _MB
_LOOKED_FOR = 60
# OCRmyPDF's exit codes (its documentation, "Return code policy").
_BAD_INPUT, _NO_PROGRAM, _NOT_PDFA = {2, 8}, 3, 10


def missing() -> tuple[str, ...]:
    """Which programs or languages this machine lacks: "ocrmypdf", "tesseract", "tesseract-vie"; none: all is there.

    Looked for once a minute.
    """
    return _missing(os.environ.get("PATH", ""), int(time.monotonic() // _LOOKED_FOR))


@lru_cache(maxsize=4)
def _missing(path: str, minute: int) -> tuple[str, ...]:
    lacks = [] if _program("ocrmypdf") else ["ocrmypdf"]
    reader = _program("tesseract")
    if not reader:
        return (*lacks, "tesseract")
    try:
        told = subprocess.run(  # noqa: S603  the machine's own program
            [reader, "--list-langs"], capture_output=True, timeout=20, env=_environment(), check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return (*lacks, "tesseract")
    return (*lacks, *([] if _LANGUAGE.encode() in told.stdout.split() else ["tesseract-vie"]))


def read(pdf: bytes, *, pages: int, told: Callable[[int, int], None]) -> bytes:
    """The searchable PDF/A-2b, in at most three minutes a page, and three. told: (pages done, pages in all), from this
    thread.

    Raises NoReader, UnreadableScan, TooSlow, NotDigitised.
    """
    if missing():
        raise NoReader
    with tempfile.TemporaryDirectory(prefix="motcua-ocr-") as folder:
        source, target = Path(folder, "scan.pdf"), Path(folder, "done.pdf")
        source.write_bytes(pdf)
        # Pages with text of their own keep it. Where no PDF/A can be made of them so, all become pictures.
        code = _run(["--mode", "skip", str(source), str(target)], folder, pages, told)
        if code == _NOT_PDFA:
            code = _run(["--mode", "force", str(source), str(target)], folder, pages, told)
        _check(code, target)
        return target.read_bytes()


def _check(code: int, target: Path) -> None:
    if code == 0 and target.is_file() and 0 < target.stat().st_size <= _ANSWER_BYTES:
        return
    logger.warning("digitising_failed code=%s", code)
    if code in _BAD_INPUT:
        raise UnreadableScan(part=1)
    raise NoReader if code == _NO_PROGRAM else NotDigitised


def _run(arguments: list[str], folder: str, pages: int, told: Callable[[int, int], None]) -> int:
    """OCRmyPDF's exit code, negative when a signal ended it. Raises TooSlow."""
    seconds = _CPU_SECONDS + _SECONDS_A_PAGE * pages
    limits = {"cpu_seconds": seconds, "memory_bytes": _MEMORY_BYTES, "file_bytes": _FILE_BYTES}
    options = [
        *("--language", _LANGUAGE, "--jobs", "1", "--plugin", str(_PLUGIN)),
        *("--output-type", "pdfa-2", "--pdfa-backend", "internal", "--rasterizer", "pypdfium"),
        *("--rotate-pages", "--rotate-pages-threshold", "5", "--deskew", "--optimize", "0"),
        *("--tagged-pdf-mode", "ignore"),
        *("--max-image-mpixels", "140", "--max-ocr-image-mpixels", "40", "--tesseract-timeout", "120"),
    ]
    process = subprocess.Popen(  # noqa: S603  the machine's own program
        [
            *(sys.executable, "-m", "motcua.foundation.kernel.confined", json.dumps(limits)),
            *(_program("ocrmypdf") or "ocrmypdf", *options, *arguments),
        ],
        cwd=folder,
        env=_environment(folder),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    late = threading.Event()

    def give_up() -> None:
        late.set()
        _kill(process)

    timer = threading.Timer(seconds * _PATIENCE, give_up)
    timer.start()
    try:
        _follow(process.stderr, pages, told)
        code = process.wait()
    finally:
        timer.cancel()
        _kill(process)
        process.wait()
    if late.is_set():
        raise TooSlow
    return code


def _follow(lines: IO[bytes] | None, pages: int, told: Callable[[int, int], None]) -> None:
    """Pass on what the plug-in says; the rest may quote the paper and is read by nobody."""
    last = 0
    for line in lines or ():
        words = line[:200].split()
        if len(words) == 3 and words[0] == b"motcua-pages" and words[1].isdigit():
            done = min(int(words[1]), pages)
            if done > last:
                last = done
                told(done, pages)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """The program and what it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _program(name: str) -> str | None:
    """On the PATH, else beside our own Python, where the extra installs it."""
    return shutil.which(name) or shutil.which(name, path=str(Path(sys.executable).parent))


def _environment(folder: str = "/nonexistent") -> dict[str, str]:
    """Nothing of this process's environment, where secrets may be."""
    own = str(Path(sys.executable).parent)
    return {
        "PATH": os.pathsep.join([os.environ.get("PATH", os.defpath), own]),
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "PYTHONUTF8": "1",
        "HOME": folder,
        "TMPDIR": folder if os.path.isdir(folder) else tempfile.gettempdir(),
        "OMP_THREAD_LIMIT": "1",
    }
