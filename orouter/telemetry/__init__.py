"""What a running node tells about itself in figures: families, samples, several workers as one."""
