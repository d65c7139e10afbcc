"""Tells the training exporter of FleetLens how a training run is doing. Copy this file; it needs Python 3.8 and nothing else.

    from fleetlens_training import Run

    with Run("exp1") as run:
        for step, batch in enumerate(loader):
            with run.phase("forward"):
                loss = model(batch)
            run.log(step, loss=loss, learning_rate=lr, tokens=tokens_so_far)

Nothing here raises into the training loop or waits for the network, but for two seconds at the end. Without an exporter,
records are kept up to a bound and sent when it comes; then the oldest are dropped and counted in run.dropped.
"""

import atexit
import collections
import contextlib
import json
import logging
import os
import re
import socket
import threading
import time
import urllib.error
import urllib.request

_BATCH_BYTES, _BATCH_RECORDS = 200 * 1024, 5000  # the exporter takes 256 KiB at once
_log = logging.getLogger("fleetlens_training")


def udp(name, value, kind="g", address=("127.0.0.1", 9410), **tags):
    """One statsd datagram, for those who need no more: udp("training.loss", 1.5, run="exp1", step=100)."""
    try:
        suffix = ",".join("%s:%s" % tag for tag in tags.items())
        text = "%s:%s|%s%s" % (name, float(value), kind, suffix and "|#" + suffix)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.sendto(text.encode(), address)
    except Exception as error:
        _log.debug("not sent: %s", error)


def _env(*names):
    return next((os.environ[name] for name in names if os.environ.get(name)), None)


def _whole(step):
    return int(step) if step is not None and int(step) >= 0 else None


class Run:
    """One training run. Only rank 0 sends, as RANK and the like tell; with all_ranks the others send their phases."""

    def __init__(self, name, job_id=None, url="http://127.0.0.1:9410", token_file=None, framework="custom",
                 rank=None, all_ranks=False, interval=1.0, max_records=10000):
        rank = _env("RANK", "SLURM_PROCID", "OMPI_COMM_WORLD_RANK", "PMI_RANK") if rank is None else rank
        rank = int(rank) if str(rank).isdigit() else 0
        self.dropped = 0
        self._leads, self._sends_phases, self._rank = rank == 0, rank == 0 or all_ranks, rank if all_ranks else None
        self._head = {
            "run": str(name), "framework": framework, "host": socket.gethostname(),
            "job_id": job_id or _env("SLURM_JOB_ID", "PBS_JOBID", "LSB_JOBID", "JOB_ID"),
            "pod": _env("POD_NAME"), "namespace": _env("POD_NAMESPACE"),
        }
        self._url, self._token_file, self._interval = url.rstrip("/") + "/api/v1/push", token_file, interval
        self._queue, self._max_records, self._said = collections.deque(), max_records, set()
        self._lock, self._sending, self._thread, self._pid = threading.Lock(), threading.Lock(), None, os.getpid()
        # A proxy of the environment is for the world outside, not for this machine.
        direct = [urllib.request.ProxyHandler({})] if re.match(r"https?://(127\.|localhost|\[::1\])", url) else []
        self._open = urllib.request.build_opener(*direct).open
        atexit.register(self.flush)

    def log(self, step=None, **values):
        """Values after a step: loss, learning_rate, grad_norm, tokens, … Other names with log(step, **{"my/tag": 1})."""
        if self._leads:
            self._add(step, lambda: {"values": {key: float(val) for key, val in values.items() if val is not None}})

    @contextlib.contextmanager
    def phase(self, name, step=None):
        """Measures what is done in it. Work on a GPU goes on after it unless the code waits for it."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self.phase_seconds(name, time.perf_counter() - started, step)

    def phase_seconds(self, name, seconds, step=None):
        """A phase that was measured elsewhere."""
        if self._sends_phases:
            self._add(step, lambda: {"phases": [{"phase": name, "seconds": float(seconds), "rank": self._rank}]})

    def checkpoint(self, step=None, outcome="complete"):
        """A checkpoint was written; or, with outcome="failed", was not."""
        if self._leads:
            self._add(step, lambda: {"checkpoint": {"outcome": outcome}})

    def enter(self, phase, **details):
        """What the run does now: starting, training, evaluating, checkpointing, restarting."""
        if self._leads:
            self._add(None, lambda: dict(details, enter=phase))

    def finish(self, exit_code=0):
        """The run is over, well or not."""
        self.enter("failed" if exit_code else "finished", exit_code=exit_code & 255 if isinstance(exit_code, int) else 1)
        self.flush()

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self.finish(1 if kind else 0)

    def flush(self, timeout=2.0):
        """Sends what there is. False if that did not work within the time."""
        if self._thread is None or os.getpid() != self._pid:
            return True
        sender = threading.Thread(target=self._send_all, args=(timeout,), daemon=True)
        try:
            sender.start()
            sender.join(timeout)
        except RuntimeError:  # at its end the interpreter starts no more threads
            self._send_all(timeout)
        return not self._queue

    def _add(self, step, make):
        try:
            if os.getpid() != self._pid:  # a worker of the data loader: a fork without the thread that sends
                return
            self._put([json.dumps(dict(make(), step=_whole(step), time=time.time()))], at_end=True)
            if self._thread is None:
                self._thread = threading.Thread(target=self._loop, name="fleetlens_training", daemon=True)
                self._thread.start()
        except Exception as error:
            self.dropped += 1
            self._say("left out what cannot be sent: %s" % error)

    def _put(self, records, at_end):
        with self._lock:
            (self._queue.extend if at_end else self._queue.extendleft)(records)
            while len(self._queue) > self._max_records:
                self._queue.popleft()
                self.dropped += 1

    def _take(self):
        with self._lock:
            records, size = [], 0
            while self._queue and len(records) < _BATCH_RECORDS and size < _BATCH_BYTES:
                records.append(self._queue.popleft())
                size += len(records[-1]) + 1
            return records

    def _loop(self):
        delay = self._interval
        while True:
            time.sleep(delay)
            delay = self._interval if self._send_all() else min(delay * 2, 30.0)

    def _send_all(self, timeout=5.0):
        if not self._sending.acquire(timeout=timeout):
            return False
        try:
            for records in iter(self._take, []):
                try:
                    again = self._send(records, timeout)
                except Exception as error:
                    self._put(records[::-1], at_end=False)
                    self._say("nothing can be sent to %s, which is tried again: %s" % (self._url, error))
                    return False
                self._put(again[::-1], at_end=False)
            return True
        finally:
            self._sending.release()

    def _send(self, records, timeout):
        """Returns what is to be sent again; raises if all of it is."""
        head = json.dumps({key: value for key, value in self._head.items() if value})
        body = '%s,"records":[%s]}' % (head[:-1], ",".join(records))
        headers = {"Content-Type": "application/json"}
        if self._token_file:
            with open(self._token_file, encoding="utf-8") as file:
                headers["Authorization"] = "Bearer " + file.read().strip()
        try:
            with self._open(urllib.request.Request(self._url, body.encode(), headers), timeout=timeout) as response:
                for name in json.loads(response.read())["unknown"]:
                    self._say("the exporter does not show %s, because its mapping does not allow it" % name)
            return []
        except urllib.error.HTTPError as error:
            text = error.read().decode("utf-8", "replace").strip()
            if error.code >= 500 or error.code in (408, 429):
                raise RuntimeError("it answers with status %d: %s" % (error.code, text)) from None
            self._say("the exporter refuses what is sent: %s" % (text or error.code))
            # One bad record does not take the others with it.
            bad = re.match(r"records\[(\d+)\]", text) if error.code == 400 else None
            again = records[: int(bad[1])] + records[int(bad[1]) + 1 :] if bad else []
            self.dropped += len(records) - len(again)
            return again

    def _say(self, trouble):
        if trouble not in self._said and len(self._said) < 20:
            self._said.add(trouble)
            _log.warning("%s", trouble)
