"""Contrast measured from the colours that the browser paints with (WCAG 1.4.3 and 1.4.11)."""

from playwright.sync_api import Page

# What lies under a point is put together from the page up, as the screen does it.
MEASURE = """
([selector, wanted]) => {
  const pen = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true});
  const parts = (colour) => {
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top, share, below) => below.map((c, i) => share * top[i] + (1 - share) * c);
  const light = (rgb) => rgb.map((c) => c / 255)
    .map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const ratio = (one, other) => {
    const [high, low] = [light(one), light(other)].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
  };
  const faint = (e) => {
    let share = 1;
    for (; e instanceof Element; e = e.parentElement) share *= getComputedStyle(e).opacity;
    return share;
  };
  const drawn = (e) => e instanceof SVGElement && !(e instanceof SVGSVGElement);
  const words = (e) => !drawn(e) || e.matches("text, tspan");
  const ground = (e) => drawn(e)
    ? (words(e) ? "transparent" : getComputedStyle(e).fill) : getComputedStyle(e).backgroundColor;
  const paint = (colour, share, below) => {
    if (colour === "none" || colour === "transparent") return below;
    const [r, g, b, a] = parts(colour);
    return over([r, g, b], a * share, below);
  };
  const page = paint(getComputedStyle(document.body).backgroundColor, 1, [255, 255, 255]);
  const middle = (e) => {
    if (e instanceof SVGGeometryElement && getComputedStyle(e).fill === "none") {
      const at = e.getPointAtLength(e.getTotalLength() / 2).matrixTransform(e.getScreenCTM());
      return [at.x, at.y];
    }
    const first = document.createRange();
    first.selectNodeContents(e);
    const box = words(e) && first.getClientRects()[0] || e.getBoundingClientRect();
    return [box.x + box.width / 2, box.y + box.height / 2];
  };
  const told = [];
  for (const e of document.querySelectorAll(selector)) {
    if (!e.checkVisibility({visibilityProperty: true})) continue;
    e.scrollIntoView({block: "center", inline: "center"});
    const style = getComputedStyle(e), [x, y] = middle(e);
    // Its own box and what lies above it is not what it lies on, but the ground of words is.
    const stack = document.elementsFromPoint(x, y).reverse()
      .filter((one) => one !== document.documentElement && one !== document.body);
    let below = page;
    for (const one of stack) {
      if (e === one && words(e) && !drawn(e)) below = paint(ground(one), faint(one), below);
      if (e === one || e.contains(one)) break;
      below = paint(ground(one), faint(one), below);
    }
    const inks = words(e) ? [drawn(e) ? style.fill : style.color] : [style.fill, style.stroke];
    const found = Math.max(...inks.map((ink) => ratio(paint(ink, faint(e), below), below)));
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    const most = words(e) ? (large ? 3 : 4.5) : 3;
    if (wanted === "all" || found < most) told.push([
      `${e.localName}.${e.getAttribute("class") || ""} ${e.textContent.trim().slice(0, 40)}`,
      Math.round(found * 100) / 100]);
  }
  return told;
}
"""
# What a picture says with lines and areas. Land is decoration; the parts of a stacked bar and the
# cells of a table of heat have their figures beside them or in them.
PICTURES = (
    *("svg text", "svg tspan", "svg .bow", "svg .move", "svg .dot", "svg .bar", "svg .line"),
    *("svg .axis", "svg .box rect", "svg .part"),
)


def measured(page: Page, selector: str) -> list[tuple[str, float]]:
    """(what, contrast) of every element that is shown."""
    return [(what, ratio) for what, ratio in page.evaluate(MEASURE, [selector, "all"])]


def too_faint(page: Page, selector: str) -> list[str]:
    """Words under 4.5 (large ones under 3) and lines under 3."""
    found = page.evaluate(MEASURE, [selector, "faint"])
    return [f"contrast {ratio}: {what}" for what, ratio in found]
