"""A priority queue with changeable priorities, and a job runner on top.

``heapq`` has no decrease-key operation. The usual trick of marking stale
entries leaves garbage behind when priorities change often, so this queue
keeps an index from item to heap position and sifts in place.
"""

import logging
import threading
import time
from typing import Any, Callable, Dict, Generic, Hashable, List, Optional, Tuple, TypeVar

log = logging.getLogger(__name__)

T = TypeVar("T", bound=Hashable)


class PriorityQueue(Generic[T]):
    """Min-queue of distinct hashable items. Ties leave in insertion order."""

    def __init__(self) -> None:
        self._heap: List[Tuple[Any, int, T]] = []
        self._pos: Dict[T, int] = {}
        self._serial = 0

    def __len__(self) -> int:
        return len(self._heap)

    def __contains__(self, item: object) -> bool:
        return item in self._pos

    def push(self, item: T, priority: Any) -> None:
        """Insert an item, or move it if it is already queued."""
        if item in self._pos:
            self.update(item, priority)
            return
        self._serial += 1
        self._heap.append((priority, self._serial, item))
        self._pos[item] = len(self._heap) - 1
        self._sift_up(len(self._heap) - 1)

    def update(self, item: T, priority: Any) -> None:
        at = self._pos[item]
        old, serial, _ = self._heap[at]
        self._heap[at] = (priority, serial, item)
        if priority < old:
            self._sift_up(at)
        else:
            self._sift_down(at)

    def peek(self) -> Tuple[T, Any]:
        if not self._heap:
            raise IndexError("peek at an empty queue")
        priority, _, item = self._heap[0]
        return item, priority

    def pop(self) -> Tuple[T, Any]:
        item, priority = self.peek()
        self.remove(item)
        return item, priority

    def remove(self, item: T) -> None:
        at = self._pos.pop(item)
        last = self._heap.pop()
        if at == len(self._heap):
            return
        self._heap[at] = last
        self._pos[last[2]] = at
        # The replacement may belong above or below its new place.
        self._sift_up(at)
        self._sift_down(self._pos[last[2]])

    def _swap(self, i: int, j: int) -> None:
        heap = self._heap
        heap[i], heap[j] = heap[j], heap[i]
        self._pos[heap[i][2]] = i
        self._pos[heap[j][2]] = j

    def _sift_up(self, i: int) -> None:
        while i > 0:
            parent = (i - 1) >> 1
            if self._heap[parent][:2] <= self._heap[i][:2]:
                break
            self._swap(i, parent)
            i = parent

    def _sift_down(self, i: int) -> None:
        size = len(self._heap)
        while True:
            child = 2 * i + 1
            if child >= size:
                return
            if child + 1 < size and self._heap[child + 1][:2] < self._heap[child][:2]:
                child += 1
            if self._heap[i][:2] <= self._heap[child][:2]:
                return
            self._swap(i, child)
            i = child


class Job:
    def __init__(self, name: str, func: Callable[[], None],
                 interval: Optional[float] = None, retries: int = 3) -> None:
        self.name = name
        self.func = func
        self.interval = interval
        self.retries = retries
        self.failures = 0

    def backoff(self) -> float:
        """Seconds to wait before the next attempt: 1, 2, 4 ... up to 60."""
        return min(60.0, 2.0 ** (self.failures - 1))


class Scheduler:
    """Runs jobs on one background thread when they fall due."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._queue: PriorityQueue[str] = PriorityQueue()
        self._jobs: Dict[str, Job] = {}
        self._wake = threading.Condition()
        self._running = False
        self._thread: Optional[threading.Thread] = None

    def add(self, job: Job, delay: float = 0.0) -> None:
        with self._wake:
            if job.name in self._jobs:
                raise ValueError(f"job {job.name!r} exists already")
            self._jobs[job.name] = job
            self._queue.push(job.name, self._clock() + delay)
            self._wake.notify()

    def run_now(self, name: str) -> None:
        with self._wake:
            if name not in self._jobs:
                raise KeyError(name)
            self._queue.push(name, self._clock())
            self._wake.notify()

    def start(self) -> None:
        self._running = True
        self._thread = threading.Thread(target=self._loop, name="scheduler", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        with self._wake:
            self._running = False
            self._wake.notify_all()
        if self._thread is not None:
            self._thread.join()

    def _next_due(self) -> Optional[Job]:
        """Block until a job is due; None means that we are shutting down."""
        with self._wake:
            while self._running:
                if not self._queue:
                    self._wake.wait()
                    continue
                name, due = self._queue.peek()
                wait = due - self._clock()
                if wait <= 0:
                    self._queue.pop()
                    return self._jobs[name]
                self._wake.wait(timeout=wait)
        return None

    def _loop(self) -> None:
        while (job := self._next_due()) is not None:
            try:
                job.func()
            except Exception:
                job.failures += 1
                log.exception("job %s failed (%d)", job.name, job.failures)
                again = job.backoff() if job.failures <= job.retries else job.interval
            else:
                job.failures = 0
                again = job.interval
            with self._wake:
                if again is None:
                    del self._jobs[job.name]
                else:
                    self._queue.push(job.name, self._clock() + again)
