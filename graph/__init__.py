"""What happens next: one builder a graph, and the composition root."""
