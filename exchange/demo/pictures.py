"""A picture for the demonstration, drawn here: a garden between houses. It shows nobody."""

from io import BytesIO

SIZE = (1200, 675)
SKY, GROUND, BED, LEAF, WALL, ROOF = (
    (199, 222, 236),
    (201, 178, 140),
    (112, 78, 52),
    (70, 128, 64),
    (240, 232, 216),
    (168, 84, 60),
)


def garden() -> bytes:
    """Beds of plants before a row of houses, as PNG."""
    from PIL import Image, ImageDraw  # late: only a demonstration draws

    width, height = SIZE
    horizon = height * 2 // 5
    picture = Image.new("RGB", SIZE, SKY)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, horizon, width, height), fill=GROUND)
    for left in range(40, width, 230):
        pen.rectangle((left, horizon - 110, left + 150, horizon), fill=WALL)
        roof = ((left - 16, horizon - 110), (left + 75, horizon - 180), (left + 166, horizon - 110))
        pen.polygon(roof, fill=ROOF)
    for row, top in enumerate(range(horizon + 40, height - 60, 90)):
        pen.rounded_rectangle((30, top, width - 30, top + 50), radius=20, fill=BED)
        for left in range(60 + 20 * (row % 2), width - 80, 60):
            pen.ellipse((left, top - 14, left + 34, top + 24), fill=LEAF)
    drawn = BytesIO()
    picture.save(drawn, "PNG")
    return drawn.getvalue()
