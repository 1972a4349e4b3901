"""HTML around a figure's JSON, and the figure that public functions return."""
