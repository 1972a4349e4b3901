/** Elements of SVG as text. */

/** The value of an attribute; without one it is not written. */
export type Attribute = string | number | null | undefined;

/** An element. `content` is XML. */
export function element(name: string, attributes: Record<string, Attribute>, content = ""): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value != null)
    .map(
      ([key, value]) =>
        ` ${key}="${typeof value === "number" ? round(value) : escape(color(value as string))}"`,
    )
    .join("");
  return content ? `<${name}${written}>${content}</${name}>` : `<${name}${written}/>`;
}

/** "rgb(11 98 196)", which only browsers know, as "#0b62c4"; anything else as it is. */
function color(value: string): string {
  const channels = /^rgb\((\d+) (\d+) (\d+)\)$/.exec(value)?.slice(1).map(Number);
  return channels ? hexOf(channels) : value;
}

/** "#0b62c4" of red, green, blue. */
export function hexOf(channels: readonly number[]): string {
  return `#${channels.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
}

/** With at most two decimals. */
export function round(value: number): string {
  return String(Number(value.toFixed(2)));
}

/** Plain text as XML, without the characters that XML has not. */
export function escape(text: string): string {
  return text
    .replace(/[\p{Surrogate}\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/gu, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
