"""Mechanisms of learning: who they are, what they need of each other and give; events elsewhere."""
