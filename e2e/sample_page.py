"""Pages of activations on texts: what a person reads from them, by the keyboard."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from e2e.idle import wait_idle

# Moves the focus over all tokens of a text by the keyboard and collects what each is called.
_WALK = """async (text) => {
  const tokens = [...text.querySelectorAll("[data-index]")];
  const names = [];
  const root = text.getRootNode();
  tokens[0]?.focus();
  for (let i = 0; i < tokens.length; i++) {
    names.push(root.activeElement.getAttribute("aria-label"));
    const key = text.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
    root.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    for (let j = 0; j < 3; j++) await null;
  }
  root.activeElement?.blur();
  return names;
}"""


def texts(page: Page) -> Locator:
    """The texts of the page that is shown."""
    return page.get_by_test_id("sample-text")


def values(text: Locator) -> list[float]:
    """The value of each token of a text as the page writes it; NaN for "no value"."""
    names: list[str] = text.evaluate(_WALK)
    written = [name.rpartition(": ")[2] for name in names]
    return [float("nan") if value == "no value" else float(value) for value in written]


def field(page: Page, testid: str) -> Locator:
    return page.get_by_test_id(testid).get_by_role("combobox")


def type_into(page: Page, testid: str, text: str) -> None:
    """Chooses by typing, as a person does."""
    field(page, testid).click()
    page.keyboard.type(text)
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    wait_idle(page)


def choose_range(page: Page, name: str) -> None:
    page.get_by_test_id("color-range").get_by_text(name).click()
    expect(page.get_by_test_id("color-range").get_by_label(name)).to_be_checked()


def backgrounds(text: Locator) -> list[str]:
    colors: list[str] = text.locator("[data-index]").evaluate_all(
        "tokens => tokens.map((token) => getComputedStyle(token).backgroundColor)"
    )
    return colors


def ticks(page: Page) -> list[str]:
    """The numbers of the legend."""
    return page.get_by_test_id("legend").locator(".ticks span").all_inner_texts()
