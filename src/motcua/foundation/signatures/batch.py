"""Many PDFs signed by one key: in order, each with its own outcome."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from queue import SimpleQueue

from cryptography import x509

from motcua.foundation.kernel.errors import DomainError
from motcua.foundation.signatures.pdf import SignatureRequest, sign_pdf
from motcua.foundation.signatures.signers import BatchSigner, Mechanism, Signer


@dataclass(frozen=True, slots=True)
class BatchItem:
    """One PDF to sign and what its signature states. ref: the caller's name for it, given back."""

    ref: str
    pdf: bytes
    request: SignatureRequest


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an item: the signed file, or why there is none."""

    ref: str
    signed: bytes | None = None
    error: DomainError | None = None


def sign_batch(
    items: Iterable[BatchItem], *, signer: Signer, progress: Callable[[int], None] | None = None
) -> Iterator[Outcome]:
    """Sign each of `items`, read as they are needed; outcomes come in the same order, one for each.

    An item that cannot be signed does not stop the others. progress: called with the number of items done.
    With a `BatchSigner` a group of items is prepared, authorised together and finished; when the service
    refuses, the whole group has failed. The caller stores each file as it comes: nothing is kept here.
    """
    done = 0
    waiting = iter(items)
    while group := list(islice(waiting, 1)):
        together = _group_size(signer)
        group += islice(waiting, together - 1)
        outcomes = [_outcome(group[0], signer)] if together == 1 else _sign_together(group, signer)
        for outcome in outcomes:
            done += 1
            if progress:
                progress(done)
            yield outcome


def _group_size(signer: Signer) -> int:
    try:
        return signer.batch_size() if isinstance(signer, BatchSigner) else 1
    except DomainError:
        # Each item will say why the service cannot be asked.
        return 1


def _outcome(item: BatchItem, signer: Signer) -> Outcome:
    try:
        return Outcome(item.ref, signed=sign_pdf(item.pdf, signer=signer, request=item.request))
    except DomainError as error:
        return Outcome(item.ref, error=error)


def _sign_together(group: list[BatchItem], signer: Signer) -> list[Outcome]:
    """Each item in a thread of its own, which waits at its signature until all others are there or have failed."""
    meeting = _Meeting(signer)
    with ThreadPoolExecutor(len(group)) as pool:
        running = [pool.submit(_outcome, item, meeting) for item in group]
        for one in running:
            one.add_done_callback(meeting.note_end)
        meeting.sign_all(len(group))
        return [one.result() for one in running]


class _Meeting:
    """A `Signer` that lets its callers wait and asks the real one for all their signatures at once."""

    def __init__(self, signer: Signer) -> None:
        self.certificate: x509.Certificate = signer.certificate
        self.chain: tuple[x509.Certificate, ...] = signer.chain
        self.mechanism: Mechanism = signer.mechanism
        self._signer = signer
        self._arrivals: SimpleQueue[tuple[bytes, Future[bytes]] | None] = SimpleQueue()

    def sign(self, data: bytes) -> bytes:
        answer: Future[bytes] = Future()
        self._arrivals.put((data, answer))
        return answer.result()

    def note_end(self, _ended: Future[Outcome]) -> None:
        """One thread has ended; before `sign_all` has all arrivals, that means it failed."""
        self._arrivals.put(None)

    def sign_all(self, callers: int) -> None:
        """Wait until each caller asked or ended, then answer all. Each asks once."""
        arrived = [one for one in (self._arrivals.get() for _ in range(callers)) if one]
        if not arrived:
            return
        try:
            signatures = self._sign_many([data for data, _answer in arrived])
        except BaseException as error:
            for _data, answer in arrived:
                answer.set_exception(error)
            if not isinstance(error, DomainError):
                raise
            return
        for (_data, answer), signature in zip(arrived, signatures, strict=True):
            answer.set_result(signature)

    def _sign_many(self, data: list[bytes]) -> list[bytes]:
        if isinstance(self._signer, BatchSigner):
            return self._signer.sign_many(data)
        return [self._signer.sign(one) for one in data]
