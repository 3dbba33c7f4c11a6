"""The process in which llama.cpp serves a file of weights; started by `local.serve`.

Reads one line of JSON that says what to load, answers with the address, and lives until its input
ends: so it goes when its parent does, however that ends.
"""

import json
import os
import sys
from importlib import import_module
from typing import Any

_llama: Any = import_module("xllamacpp")  # a compiled module without types


def main() -> None:
    """Serve until the end of input; an empty answer means that the weights cannot be served."""
    # llama.cpp writes to file descriptor 1 and 2 as it likes: keep the real output for the answer.
    answer = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    order = json.loads(sys.stdin.readline())
    server = _llama.Server(_parameters(order))
    print(server.listening_address, file=answer, flush=True)
    sys.stdin.read()
    os._exit(0)  # a reply that is being generated must not hold up the end


def _parameters(order: dict[str, str | int]) -> Any:
    parameters = _llama.CommonParams()
    parameters.model.path = order["weights"]
    parameters.api_keys = [order["key"]]
    parameters.n_ctx = order["context"]
    parameters.n_parallel = order["parallel"]
    parameters.cpuparams.n_threads = order["threads"]
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = 0
    parameters.verbosity = -1
    parameters.cache_ram_mib = 0  # else it keeps up to 8 GiB of old prompts
    parameters.ui = False
    parameters.endpoint_slots = False  # would show the prompts that are being answered
    return parameters


if __name__ == "__main__":
    main()
