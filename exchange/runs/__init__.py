"""Full runs of the matcher: computed in blocks by workers, reviewed, compared, published."""
