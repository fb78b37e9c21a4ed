"""What `make bench` prints: medians and ratios measured in one run, since machines are noisy."""
