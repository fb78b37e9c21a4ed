"""The file that `langgraph.json` names for the saver: there it must be a file, while a graph named by
file would run `graph.server` twice, with two sets of clients. Importing it as a module shares one."""

from graph.server import create_checkpointer

__all__ = ["create_checkpointer"]
