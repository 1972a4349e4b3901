"""What tests look at in the frame of a figure, wherever a host puts it."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

_PAINTED = """(section) => [...section.querySelectorAll("canvas")].some((canvas) => {
  if (!canvas.width || !canvas.height) return false;
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true });
  copy.drawImage(canvas, 0, 0);
  return new Set(new Uint32Array(copy.getImageData(0, 0, canvas.width, canvas.height).data.buffer)).size > 2;
})"""

# After a change of its width or content a frame takes a moment to get its height.
_AS_HIGH = """async (element) => {
  const { documentElement: root, defaultView: view, body } = element.ownerDocument;
  const fits = () => body.offsetHeight > 300 && root.scrollHeight <= root.clientHeight
    && Math.abs(view.frameElement.getBoundingClientRect().height - body.getBoundingClientRect().height) < 1;
  while (!fits()) await new Promise(requestAnimationFrame);
}"""


def expect_drawn(section: Locator) -> None:
    """Waits until a figure is mounted, named by its title, and has painted a picture."""
    expect(section).to_be_visible()
    expect(section.locator("h2").first).to_have_text("Four heads")
    section.evaluate(
        f"async (section) => {{ while (!({_PAINTED})(section)) await new Promise(requestAnimationFrame) }}"
    )


def wait_as_high_as_its_page(inside: Locator) -> None:
    """Waits until the frame around an element is exactly as high as its page: nothing is cut, and nothing scrolls."""
    inside.evaluate(_AS_HIGH)
