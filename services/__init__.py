"""What we reach outside. Nothing here knows the state of any graph."""
