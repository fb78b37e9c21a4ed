"""What `langgraph.json` names for the saver and the store: there it must be a file, while a graph named by
file would run `graph.server` twice, with two sets of clients. Importing it as a module shares one."""

from graph.server import create_checkpointer, create_store

__all__ = ["create_checkpointer", "create_store"]
