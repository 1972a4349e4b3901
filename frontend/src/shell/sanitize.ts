/** Batch labels are HTML by contract. Simple formatting stays, everything else is removed. */
import DOMPurify from "dompurify";
import { isInvisible } from "../text/tokenText";

const TAGS = "b i em strong u s code span sub sup br mark small kbd font".split(" ");
const STYLES = /^(color|background-color|font-weight|font-style|text-decoration(-\w+)?)$/;

/** The label with only formatting left in it, safe to set as innerHTML. */
export function sanitize(html: string): string {
  const fragment = DOMPurify.sanitize(html, {
    ALLOWED_TAGS: TAGS,
    ALLOWED_ATTR: ["style", "color"],
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    RETURN_DOM_FRAGMENT: true,
  });
  for (const element of fragment.querySelectorAll<HTMLElement>("[style]")) keepStyles(element);
  const holder = document.createElement("div");
  holder.append(fragment);
  return holder.innerHTML;
}

/** The label as plain text. */
export function labelText(html: string): string {
  const holder = document.createElement("template");
  holder.innerHTML = sanitize(html);
  return holder.content.textContent ?? "";
}

/** The labels of sequences, with a name in place of those that show nothing. */
export function visibleLabels(labels: readonly string[]): string[] {
  return labels.map((html, index) => (isInvisible(labelText(html)) ? `Sequence ${index}` : html));
}

function keepStyles(element: HTMLElement): void {
  const allowed = Array.from(element.style)
    .filter((name) => STYLES.test(name))
    .map((name) => `${name}: ${element.style.getPropertyValue(name)}`)
    .filter((rule) => !/url\(|image/i.test(rule));
  if (allowed.length > 0) element.setAttribute("style", allowed.join("; "));
  else element.removeAttribute("style");
}
