"""What is measured without a browser: calls, imports, memory, and the physical limits of the same work."""
