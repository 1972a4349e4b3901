import { render, screen } from "@testing-library/svelte";
import { expect, test } from "vitest";
import Hello from "./Hello.svelte";

const props = { title: null, help: [], notes: [], displayMode: "auto", call: null } as const;

test.each(["Ada", "<b>x</b>", "\u202eoof", ""])("%j is greeted, as text", (name) => {
  render(Hello, { props: { props: { ...props, name, help: [], notes: [] } } });
  expect(screen.getByTestId("greeting").textContent).toBe(`Hello, ${name}!`);
  expect(document.querySelector("b")).toBeNull();
});
