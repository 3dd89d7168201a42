"""What is wrong with a page that is shown: access, width, languages, addresses, policy."""

import re
from functools import cache
from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

from tests.browser.english import english_left

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
# Each element of a page in its order, with what axe's rules about it depend on (no words), and how
# many elements are inside it.
BONES = """
() => {
  const out = [], all = [];
  const telling = /^(aria-|alt$|role$|type$|open$|lang$|href$)/;
  const names = (e) => `${e.localName}.${e.getAttribute("class") || ""}`;
  const walk = (e, above) => {
    const at = out.length;
    out.push(null); all.push(e);
    let inside = "";
    for (const child of e.children) inside += walk(child, `${above}>${names(e)}`);
    const aria = e.getAttributeNames().filter((n) => telling.test(n));
    const bones = `<${names(e)} ${e.getAttribute("role")} ${aria}
      ${e.textContent.trim() ? "words" : ""}>${inside}</>`;
    let sum = 0;
    for (const letter of above + bones) sum = (Math.imul(sum, 31) + letter.codePointAt(0)) | 0;
    out[at] = [sum, out.length - at];
    return bones;
  };
  walk(document.body, "");
  window.walked = all;
  return out;
}
"""
RUN = """
async (known) => {
  const found = await axe.run({include: [document.body], exclude: known.map((at) => walked[at])}, {
    runOnly: {type: "tag", values: %s},
    rules: {"target-size": {enabled: true}},
    resultTypes: ["violations", "incomplete"],
    preload: false,
  });
  // What is scrolled out of a box of its own has the colours of what is in view there.
  const away = (node) => {
    const e = document.querySelector(node.target.join(" ")), at = e && e.getBoundingClientRect();
    for (let box = e && e.parentElement; box; box = box.parentElement) {
      const view = box.getBoundingClientRect();
      if (box !== document.documentElement && getComputedStyle(box).overflow !== "visible"
          && (at.bottom > view.bottom || at.top < view.top
              || at.right > view.right || at.left < view.left)) return true;
    }
    return false;
  };
  const told = (rule, node) => ({rule: rule.id, target: node.target.join(" "),
    html: node.html.slice(0, 160),
    why: [...node.any, ...node.all, ...node.none].map((c) => c.message).join("; ").slice(0, 240)});
  const flat = (rules) => rules.flatMap((rule) => rule.nodes.map((node) => told(rule, node)));
  return {violations: flat(found.violations),
          unsure: found.incomplete.filter((rule) => rule.id === "color-contrast")
            .flatMap((rule) => rule.nodes.filter((node) => !away(node))
              .map((node) => told(rule, node)))};
}
""" % list(TAGS)  # noqa: UP031  braces are JavaScript's
# Colours that axe cannot judge by itself, with the reason why they are right.
UNSURE = {
    "only non-text characters": "a sign beside its words, in the colour of the text around it",
    "too short to determine": "a number of one digit, in the colour of the longer ones beside it",
    "^svg text|^text|> text$": "a name in a picture, which test_contrast measures",
}
LOOK = """
() => {
  const shown = (e) => e.checkVisibility ? e.checkVisibility() : true;
  const own = (e) => {
    const marked = e.closest("[lang]");
    if (marked && marked !== document.documentElement) return marked.getAttribute("lang");
    // An option cannot mark a part of its words: it may name what somebody has written.
    return e.closest("option") ? "option" : "";
  };
  const texts = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walk.nextNode()); ) {
    const at = node.parentElement;
    const words = node.textContent.trim().replace(/\\s+/g, " ");
    if (words && !at.closest("script,style,code,pre,textarea")) texts.push([words, own(at)]);
  }
  for (const e of document.querySelectorAll("[aria-label],[title],[placeholder],[alt]"))
    for (const name of ["aria-label", "title", "placeholder", "alt"])
      if (e.getAttribute(name)) texts.push([e.getAttribute(name).trim(), own(e)]);
  const root = document.documentElement;
  return {
    h1: [...document.querySelectorAll("h1")].map((e) => e.textContent.trim()),
    lang: root.lang, title: document.title, texts,
    stopped: window.stopped || [],
    ids: [...document.querySelectorAll("[id]")].map((e) => e.id),
  };
}
"""
WIDE = """
() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  const wide = [...document.body.querySelectorAll("*")]
    .filter((e) => e.getBoundingClientRect().right > room + 1)
    .filter((e, _i, all) => ![...e.children].some((child) => all.includes(child)))
    .slice(0, 4).map((e) => `<${e.localName} class="${e.className.baseVal ?? e.className}"> in
      <${e.parentElement.localName} class="${e.parentElement.className}">
      ${e.textContent.trim().slice(0, 40)}`.replace(/\\s+/g, " "));
  return [`${document.documentElement.scrollWidth} wide: ${wide.join(" ")}`];
}
"""


@cache
def _axe() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def _argued(one: dict[str, str]) -> bool:
    return any(re.search(known, one["why"]) or re.search(known, one["target"]) for known in UNSURE)


def axe(page: Page, known: set[int] | None = None) -> list[str]:
    """What axe finds against WCAG 2.2 AA, and colours it is unsure of and nobody argued for.

    :param known: elements that were looked at before (at this width, in this scheme), with all that
        is in them: they are passed over, for the hundredth row of a table takes axe as long as the
        first, and a menu of forty links as long as the page below it.
    """
    bones, at, passed = page.evaluate(BONES), 0, []
    known = set() if known is None else known
    while at < len(bones):
        mark, size = bones[at]
        if mark in known:
            passed.append(at)
        known.add(mark)
        at += size if at in passed[-1:] else 1
    if passed == [0]:
        return []
    page.evaluate(_axe())
    found = page.evaluate(RUN, passed)
    doubts = [one for one in found["unsure"] if not _argued(one)]
    return [
        f"{kind} {one['rule']}: {one['target']} {one['html']} ({one['why']})"
        for kind, those in (("axe", found["violations"]), ("axe unsure", doubts))
        for one in those
    ]


def sideways_scroll(page: Page, width: int) -> list[str]:
    """What makes one move the page sideways to read it, at the width that it has now."""
    return [f"scrolls sideways at {width}: {told}" for told in page.evaluate(WIDE)]


def shape(page: Page, language: str) -> list[str]:
    """Headings, language and title; English that was left; what the policy stopped."""
    seen: dict[str, Any] = page.evaluate(LOOK)
    twice = sorted({i for i in seen["ids"] if seen["ids"].count(i) > 1})
    found = [f"{len(seen['h1'])} h1: {seen['h1']}"] if len(seen["h1"]) != 1 else []
    found += [f"lang is {seen['lang']!r}"] if seen["lang"] != language else []
    found += [] if seen["title"].strip(" ·") != "Peer Exchange" else ["no title of its own"]
    found += [f"policy: {told}" for told in seen["stopped"]]
    found += [f"id twice: {twice}"] if twice else []
    if language != "en":
        found += [
            f"English in {language}: {left!r}" for left in english_left(seen["texts"], language)
        ]
    return found


class Listener:
    """What the browser says of a window while pages load."""

    def __init__(self, page: Page, url: str) -> None:
        self._home, self.said, self.requests = url, [], 0
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.said.append(f"script: {error}"))
        page.on("request", self._request)

    def _console(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.said.append(f"console: {message.text}")

    def _request(self, request: Any) -> None:
        self.requests += 1
        if not request.url.startswith((self._home, "data:", "blob:", "about:")):
            self.said.append(f"asked another host: {request.url}")

    def take(self) -> list[str]:
        """What was said since the last call."""
        said, self.said = self.said, []
        return said
