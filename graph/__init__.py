"""What happens next: one builder a graph, and the composition root.

`from graph import open_assistant` is the front door for library use; it is imported on first use, so that
what needs no graph starts quickly.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from graph.server import open_assistant

__all__ = ["open_assistant"]


def __getattr__(name: str) -> Any:
    if name == "open_assistant":
        from graph.server import open_assistant

        return open_assistant
    raise AttributeError(name)
