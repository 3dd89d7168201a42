"""Tests that share a server run in one process, one after the other."""

import pytest


@pytest.mark.xdist_group("up")
def test_the_name_of_a_grouped_test_carries_its_group(request):
    """By that name the groups are kept together: versions that do not fit lose it silently."""
    if not getattr(request.config.option, "loadgroup", False):
        pytest.skip("several processes only: make test")
    assert request.node.nodeid.endswith("@up")
