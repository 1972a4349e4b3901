"""The contrast of all text of a figure with what is painted behind it."""

from __future__ import annotations

from playwright.sync_api import Page

# WCAG contrast of every visible text with the colors painted behind it, opacity included; the lowest first.
CONTRASTS = """(figure, onPaper) => {
  const painter = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const parse = (css) => {
    painter.clearRect(0, 0, 1, 1);
    painter.fillStyle = css;
    painter.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = painter.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = ([r, g, b, a], under) => [r, g, b].map((c, i) => c * a + under[i] * (1 - a));
  const light = (color) => {
    const [r, g, b] = color.map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const parents = (element) => {
    const ancestors = [];
    for (let e = element; e; e = e.parentElement ?? e.getRootNode().host) {
      ancestors.push(e);
      if (onPaper && e === figure) break; // a page's own background is not printed
    }
    return ancestors;
  };
  const behind = (chain) => {
    const painted = chain.map((e) => parse(getComputedStyle(e).backgroundColor));
    return painted.reverse().reduce((under, color) => over(color, under), [255, 255, 255]);
  };
  const walker = document.createTreeWalker(figure, NodeFilter.SHOW_TEXT);
  const contrasts = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.textContent.trim() || !element.checkVisibility() || element.closest(":disabled, style")) continue;
    const chain = parents(element);
    const opacity = chain.reduce((all, e) => all * getComputedStyle(e).opacity, 1);
    const under = behind(chain);
    const [r, g, b, a] = parse(getComputedStyle(element).color);
    const [low, high] = [light(over([r, g, b, a * opacity], under)), light(under)].sort((x, y) => x - y);
    contrasts.push([Math.round(((high + 0.05) / (low + 0.05)) * 100) / 100, element.className, node.textContent.slice(0, 30)]);
  }
  return contrasts.sort((x, y) => x[0] - y[0]);
}"""


def unreadable(page: Page) -> list[object]:
    """The texts that stand out least, of those that do not stand out by 4.5 to 1."""
    contrasts = page.locator("section.figure").evaluate(CONTRASTS)
    assert len(contrasts) > 20
    return [entry for entry in contrasts if entry[0] < 4.5][:5]
