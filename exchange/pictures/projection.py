"""The Equal Earth projection: countries keep their true size beside each other.

After B. Šavrič, T. Patterson and B. Jenny, "The Equal Earth map projection", 2018.
"""

from math import asin, cos, pi, radians, sin, sqrt

_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796
_M = sqrt(3) / 2
_WIDEST = pi / (_M * _A1)

# The sheet, in its own units. Antarctica is left out: nobody governs a city there.
WIDTH = 1000
NORTH, SOUTH = 84.0, -57.0
SCALE = WIDTH / (2 * _WIDEST)


def _plane(lat: float, lon: float) -> tuple[float, float]:
    theta = asin(_M * sin(radians(lat)))
    square = theta * theta
    sixth = square**3
    slope = _M * (_A1 + 3 * _A2 * square + sixth * (7 * _A3 + 9 * _A4 * square))
    height = theta * (_A1 + _A2 * square + sixth * (_A3 + _A4 * square))
    return radians(lon) * cos(theta) / slope, height


_TOP = _plane(NORTH, 0)[1]
HEIGHT = round(SCALE * (_TOP - _plane(SOUTH, 0)[1]))


def project(lat: float, lon: float) -> tuple[float, float]:
    """Where a point of the globe lies on the sheet: x from the left, y from the top."""
    x, y = _plane(lat, lon)
    return SCALE * (x + _WIDEST), SCALE * (_TOP - y)
