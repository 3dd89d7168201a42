"""Congresses of the world association, and what the work of learning brings to each."""
