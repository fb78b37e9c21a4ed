"""What a reviewer and an operator see: the command line and the pages."""
