"""What each step does: one folder a graph, one file a step."""
