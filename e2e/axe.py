"""axe-core, which looks for what keeps people with assistive technology out, run on a page."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from playwright.sync_api import Page

SCRIPT = Path(__file__).parents[1] / "node_modules" / "axe-core" / "axe.min.js"

# All rules, the experimental one about names that differ from what is read among them, but those about whole pages, which are for
# whoever puts a figure into a page, and that of level AAA about contrast (7 to 1, where level AA asks for 4.5).
_RUN = """async () => {
  const left = /^(landmark-|page-|region$|skip-link$|bypass$|color-contrast-enhanced$)/;
  const rules = Object.fromEntries(axe.getRules().map(({ ruleId }) => [ruleId, { enabled: !left.test(ruleId) }]));
  const { violations } = await axe.run(document, { rules, resultTypes: ["violations"] });
  return violations.map(({ id, nodes }) => `${id}: ${nodes.length} x ${nodes[0].html.slice(0, 200)} | ${nodes[0].failureSummary}`);
}"""


@cache
def _script() -> str:
    return SCRIPT.read_text(encoding="utf-8")


def violations(page: Page) -> list[str]:
    """What axe finds in the page: each rule that is broken, how often, and where first."""
    if not page.evaluate("'axe' in globalThis"):
        page.evaluate(_script())
    found: list[str] = page.evaluate(_RUN)
    return found
