"""What crosses from Python to the page: props, numbers as fixed point, JSON."""
