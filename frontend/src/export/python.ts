/** The call in Python that shows what is on the page. */
import type { Call } from "../props";
import type { PythonValue, Shown } from "./exports";

/** Columns of a line, beyond which each argument has a line of its own. */
const WIDTH = 88;

export function pythonCall(call: Call, { settings, choices }: Shown): string {
  const known = Object.entries(settings).filter(([name]) => call.settable.includes(name));
  const given = call.arguments.filter(({ name }) => !known.some(([other]) => other === name));
  const written = [
    ...given.map(({ name, text }) => (name === null ? text : `${name}=${text}`)),
    ...known.filter(([, value]) => value !== null).map(([name, value]) => `${name}=${literal(value)}`),
  ];
  const code = codeOf(call.function, written);
  const lost = Object.keys(settings).filter(
    (name) => !call.settable.includes(name) && settings[name] !== null,
  );
  const others = [...lost.map((name) => `${name} ${literal(settings[name] ?? null)}`), ...choices];
  return others.length > 0 ? `${code}\n# then chosen on the page: ${others.join("; ")}` : code;
}

/** A call with these arguments: one line, or one for each of them. */
export function codeOf(name: string, written: readonly string[]): string {
  const line = `${name}(${written.join(", ")})`;
  return line.length <= WIDTH
    ? line
    : `${name}(\n${written.map((argument) => `    ${argument},\n`).join("")})`;
}

function isList(value: object): value is readonly PythonValue[] {
  return Array.isArray(value);
}

/** Python code of a value. */
export function literal(value: PythonValue): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value !== "object") return JSON.stringify(value); // Python reads the same escapes
  if (isList(value)) return `[${value.map(literal).join(", ")}]`;
  const items = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${literal(item)}`);
  return `{${items.join(", ")}}`;
}
