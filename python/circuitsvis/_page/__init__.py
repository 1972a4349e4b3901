"""The HTML page of a figure, and the figure that public functions return."""
