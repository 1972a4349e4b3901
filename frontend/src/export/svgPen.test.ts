import { expect, test } from "vitest";
import { COLS, ROWS, sceneOf, TOKENS } from "../../test/heatmaps";
import { emptyPicture, fakePen } from "../../test/pen";
import { paintHeatmap } from "../heatmap/paintScene";
import type { Pen } from "./exports";
import { svgOf } from "./svgPen";

const INK = { text: "#111111", quiet: "#222222", line: "#333333", surface: "#ffffff" };

function svg(paint: (pen: Pen) => void): SVGSVGElement {
  const text = svgOf({ width: 200, height: 100, paint }, fakePen(emptyPicture()), "#ffffff", "Some, 'Font'");
  const parsed = new DOMParser().parseFromString(text, "image/svg+xml");
  expect(parsed.querySelector("parsererror")).toBeNull();
  return parsed.documentElement as unknown as SVGSVGElement;
}

const texts = (root: SVGSVGElement) => [...root.querySelectorAll("text")].map((text) => text.textContent);

test("a painted scene has its labels, titles and numbers as text", () => {
  const scene = sceneOf(TOKENS, TOKENS, { raster: null });
  const found = texts(svg((pen) => paintHeatmap(pen, scene, INK)));
  expect(found.filter((text) => text === "When")).toHaveLength(2);
  expect(found.filter((text) => text === "Source (key)")).toHaveLength(2);
  expect(found).toEqual(
    expect.arrayContaining(["How much each head matters", "effect", "-1", "1", "masked"]),
  );
});

test("what is moved and turned is written with both, and only inside of save and restore", () => {
  const root = svg((pen) => {
    pen.save();
    pen.translate(10, 20);
    pen.rotate(Math.PI / 3);
    pen.fillText("inside", 1, 2);
    pen.restore();
    pen.fillText("outside", 3, 4);
  });
  const [inside, outside] = root.querySelectorAll("text");
  expect(inside!.getAttribute("transform")).toBe("translate(10 20) rotate(60)");
  expect([outside!.getAttribute("transform"), outside!.getAttribute("x")]).toEqual([null, "3"]);
});

test("restore brings back what save kept: font, color, opacity, alignment", () => {
  const [first, second, third] = svg((pen) => {
    pen.font = "italic 600 12px serif";
    pen.fillStyle = "rgb(11 98 196)";
    pen.textAlign = "right";
    pen.save();
    pen.font = "9px serif";
    pen.globalAlpha = 0.5;
    pen.fillText("a", 0, 0);
    pen.restore();
    pen.fillText("b", 0, 0);
    pen.globalAlpha = 0;
    pen.fillText("never seen", 0, 0);
  }).querySelectorAll("text");
  expect([first!.getAttribute("font-size"), first!.getAttribute("opacity")]).toEqual(["9", "0.5"]);
  const names = ["font-size", "font-weight", "font-style", "fill", "text-anchor", "opacity"];
  expect(names.map((name) => second!.getAttribute(name))).toEqual([
    "12",
    "600",
    "italic",
    "#0b62c4",
    "end",
    null,
  ]);
  expect(third).toBeUndefined();
});

test("a gradient has the stops that were added after it was made", () => {
  const root = svg((pen) => {
    const gradient = pen.createLinearGradient(10, 0, 60, 0);
    gradient.addColorStop(0, "rgb(255 255 255)");
    gradient.addColorStop(1, "rgb(0 0 255)");
    pen.fillStyle = gradient;
    pen.fillRect(10, 0, 50, 5);
  });
  const gradient = root.querySelector("linearGradient")!;
  expect([...gradient.children].map((stop) => stop.getAttribute("stop-color"))).toEqual([
    "#ffffff",
    "#0000ff",
  ]);
  const [, bar] = root.querySelectorAll("rect");
  expect(bar!.getAttribute("fill")).toBe(`url(#${gradient.id})`);
});

test("lines have their path, width, dashes and opacity", () => {
  const root = svg((pen) => {
    pen.strokeStyle = "rgb(1 2 3)";
    pen.lineWidth = 1.5;
    pen.setLineDash([4, 3]);
    pen.globalAlpha = 0.25;
    pen.beginPath();
    pen.moveTo(1, 2);
    pen.lineTo(3.456, 4);
    pen.stroke();
  });
  const path = root.querySelector("path")!;
  const names = ["d", "stroke", "stroke-width", "stroke-dasharray", "opacity", "fill"];
  expect(names.map((name) => path.getAttribute(name))).toEqual([
    "M1 2L3.46 4",
    "#010203",
    "1.5",
    "4 3",
    "0.25",
    "none",
  ]);
});

test("what is cleared has the color of the background", () => {
  const fills = [...svg((pen) => pen.clearRect(5, 5, 10, 10)).querySelectorAll("rect")];
  expect(fills.map((rect) => rect.getAttribute("fill"))).toEqual(["#ffffff", "#ffffff"]);
});

test.each(["<script>alert(1)</script>", "a & b", '"quoted"', "\u0000\u001b", "\ud800", "]]>", "😀"])(
  "%j is written as text that XML can hold",
  (text) => {
    const found = texts(svg((pen) => pen.fillText(`x${text}`, 0, 0)));
    expect(found).toEqual([`x${text.replace(/[\u0000\u001b]|\ud800/g, "\ufffd")}`]);
  },
);

test("all layers and heads of a map are written once each", () => {
  const found = texts(svg((pen) => paintHeatmap(pen, sceneOf(ROWS, COLS, { raster: null }), INK)));
  for (const label of [...ROWS.labels, ...COLS.labels])
    expect(found.filter((text) => text === label)).toHaveLength(1);
});
