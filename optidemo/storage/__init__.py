"""Where the samples lie: in memory, sparse, in a file, or on a cluster."""
