"""The processes that do the parts: Dask's, on this machine or on a cluster."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import dask.config
from distributed import Client, KilledWorker, LocalCluster, as_completed

from tactful.bulk.part import Part, redact_part
from tactful.errors import SetupError

CONNECTING_S = 30


@contextmanager
def local(workers: int) -> Iterator[Client]:
    """`workers` processes of one thread each, on the loopback interface, that tell nothing over HTTP."""
    with (
        dask.config.set({"distributed.scheduler.http.routes": [], "distributed.worker.http.routes": []}),
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            scheduler_kwargs={"dashboard": False, "dashboard_address": "127.0.0.1:0"},
            memory_limit=None,  # parts are small, and a paused worker never goes on
            silence_logs=logging.CRITICAL,
        ) as cluster,
        Client(cluster) as client,
    ):
        yield client


@contextmanager
def cluster(address: str) -> Iterator[Client]:
    """A cluster that runs already. Errors: `SetupError` when its scheduler does not answer."""
    try:
        client = Client(address, timeout=CONNECTING_S)
    except (OSError, ValueError, TimeoutError):
        raise SetupError(f"No Dask scheduler answers at {address}.") from None
    with client:
        yield client


def done(client: Client, parts: Sequence[Part]) -> Iterator[Part]:
    """The parts, each when it is done. Errors: `SetupError`."""
    futures = {client.submit(redact_part, part, pure=False): part for part in parts}
    try:
        for future in as_completed(futures):
            future.result()
            yield futures[future]
            future.release()
    except KilledWorker:
        raise SetupError("Workers were killed again and again: start again with fewer --workers to go on.") from None
    finally:
        client.cancel(list(futures))
