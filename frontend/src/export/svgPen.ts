/** Records what is painted with the methods of a 2D context as SVG: text stays text, and cells stay sharp. */
import type { Drawing, Pen } from "./exports";
import { type Attribute, element, escape, hexOf, round } from "./svg";

/** Cells of an image that are written as rectangles, which programs for drawings can edit, and keep sharp. More are an image. */
const MOST_RECTANGLES = 400;
/** Height of a line's middle above its baseline, as a share of the font size, where it cannot be measured. */
const MIDDLE = 0.35;

interface Gradient {
  place: Record<string, Attribute>;
  stops: string;
  addColorStop: (place: number, color: string) => void;
}

/** What `save` keeps. */
interface State {
  fillStyle: string | Gradient;
  strokeStyle: string;
  lineWidth: number;
  font: string;
  textAlign: "left" | "center" | "right";
  textBaseline: string;
  globalAlpha: number;
  imageSmoothingEnabled: boolean;
  dashes: number[];
  /** Of SVG, from the outermost in. */
  transforms: string[];
}

const START: State = {
  fillStyle: "#000",
  strokeStyle: "#000",
  lineWidth: 1,
  font: "10px sans-serif",
  textAlign: "left",
  textBaseline: "alphabetic",
  globalAlpha: 1,
  imageSmoothingEnabled: true,
  dashes: [],
  transforms: [],
};

const ANCHORS = { left: null, center: "middle", right: "end" };

/**
 * The file of a drawing.
 * @param measure a context that measures texts as a canvas does
 * @param surface the color of the background
 */
export function svgOf(
  { width, height, paint }: Drawing,
  measure: Pen,
  surface: string,
  family: string,
): string {
  const pen = new SvgPen(measure, surface);
  pen.clearRect(0, 0, Math.ceil(width), Math.ceil(height));
  paint(pen as unknown as Pen);
  const [wide, tall] = [Math.ceil(width), Math.ceil(height)]; // as a canvas
  const size = `width="${wide}" height="${tall}" viewBox="0 0 ${wide} ${tall}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ${size} font-family="${escape(family)}" xml:space="preserve">${pen.elements.join("")}</svg>\n`;
}

class SvgPen implements State {
  fillStyle = START.fillStyle;
  strokeStyle = START.strokeStyle;
  lineWidth = START.lineWidth;
  font = START.font;
  textAlign = START.textAlign;
  textBaseline = START.textBaseline;
  globalAlpha = START.globalAlpha;
  imageSmoothingEnabled = START.imageSmoothingEnabled;
  dashes = START.dashes;
  transforms = START.transforms;
  readonly elements: string[] = [];
  private readonly saved: State[] = [];
  private path = "";
  private gradients = 0;

  constructor(
    private readonly pen: Pen,
    private readonly surface: string,
  ) {}

  save(): void {
    const names = Object.keys(START) as (keyof State)[];
    this.saved.push(Object.fromEntries(names.map((name) => [name, this[name]])) as unknown as State);
  }

  restore(): void {
    Object.assign(this, this.saved.pop());
  }

  translate(x: number, y: number): void {
    this.transforms = [...this.transforms, `translate(${round(x)} ${round(y)})`];
  }

  rotate(angle: number): void {
    this.transforms = [...this.transforms, `rotate(${round((angle * 180) / Math.PI)})`];
  }

  setLineDash(dashes: number[]): void {
    this.dashes = dashes;
  }

  measureText(text: string): TextMetrics {
    this.pen.font = this.font;
    return this.pen.measureText(text);
  }

  createLinearGradient(x1: number, y1: number, x2: number, y2: number): Gradient {
    const gradient: Gradient = {
      place: { gradientUnits: "userSpaceOnUse", x1, y1, x2, y2 },
      stops: "",
      addColorStop(place, color) {
        this.stops += element("stop", { offset: place.toFixed(4), "stop-color": color });
      },
    };
    return gradient;
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    this.add("rect", { x, y, width, height, fill: this.fillColor() });
  }

  clearRect(x: number, y: number, width: number, height: number): void {
    this.add("rect", { x, y, width, height, fill: this.surface });
  }

  strokeRect(x: number, y: number, width: number, height: number): void {
    this.add("rect", { x, y, width, height, ...this.line() });
  }

  beginPath(): void {
    this.path = "";
  }

  moveTo(x: number, y: number): void {
    this.path += `M${round(x)} ${round(y)}`;
  }

  lineTo(x: number, y: number): void {
    this.path += `L${round(x)} ${round(y)}`;
  }

  /** A whole circle. */
  arc(x: number, y: number, radius: number): void {
    const [r, left, right] = [round(radius), round(x - radius), round(x + radius)];
    this.path += `M${left} ${round(y)}A${r} ${r} 0 1 1 ${right} ${round(y)}A${r} ${r} 0 1 1 ${left} ${round(y)}Z`;
  }

  fill(): void {
    this.add("path", { d: this.path, fill: this.fillColor() });
  }

  stroke(): void {
    this.add("path", { d: this.path, ...this.line() });
  }

  fillText(text: string, x: number, y: number): void {
    if (text.trim() === "") return;
    const [, style, weight, size = "10"] = /^(italic )?(bold |\d+ )?([\d.]+)px/.exec(this.font) ?? [];
    const attributes = {
      x,
      y: y + (this.textBaseline === "middle" ? this.middle(Number(size)) : 0),
      "font-size": Number(size),
      "font-style": style?.trim(),
      "font-weight": weight?.trim(),
      fill: this.fillColor(),
      "text-anchor": ANCHORS[this.textAlign],
    };
    this.add("text", attributes, escape(text));
  }

  drawImage(image: HTMLCanvasElement, ...numbers: number[]): void {
    const [left = 0, top = 0, width = 0, height = 0, x = 0, y = 0, wide = 0, tall = 0] = numbers;
    const part = document.createElement("canvas");
    part.width = width;
    part.height = height;
    const pen = part.getContext("2d");
    pen?.drawImage(image, left, top, width, height, 0, 0, width, height);
    if (pen && width * height <= MOST_RECTANGLES && height === image.height && !this.imageSmoothingEnabled) {
      const { data } = pen.getImageData(0, 0, width, height);
      const [across, down] = [wide / width, tall / height];
      const cells = Array.from({ length: width * height }, (_, i) => {
        const [col, row] = [i % width, Math.floor(i / width)];
        const fill = hexOf([...data.subarray(4 * i, 4 * i + 3)]);
        return element("rect", { x: x + col * across, y: y + row * down, width: across, height: down, fill });
      });
      this.add("g", { "shape-rendering": "crispEdges" }, cells.join(""));
      return;
    }
    const style = this.imageSmoothingEnabled ? null : "image-rendering:pixelated";
    const place = { x, y, width: wide, height: tall, preserveAspectRatio: "none", style };
    this.add("image", { ...place, "xlink:href": part.toDataURL() });
  }

  /** A color, or the reference to a gradient, which is written now that its stops are known. */
  private fillColor(): string {
    const { fillStyle } = this;
    if (typeof fillStyle === "string") return fillStyle;
    const id = `values-${this.gradients++}`;
    this.elements.push(element("linearGradient", { id, ...fillStyle.place }, fillStyle.stops));
    return `url(#${id})`;
  }

  private line(): Record<string, Attribute> {
    const { strokeStyle, lineWidth, dashes } = this;
    return {
      fill: "none",
      stroke: strokeStyle,
      "stroke-width": lineWidth,
      "stroke-dasharray": dashes.length > 0 ? dashes.join(" ") : null,
    };
  }

  /** How far the baseline of a text is below its middle. */
  private middle(size: number): number {
    const { pen } = this;
    pen.font = this.font;
    const [middle, alphabetic] = (["middle", "alphabetic"] as const).map((baseline) => {
      pen.textBaseline = baseline;
      return pen.measureText("x").fontBoundingBoxAscent;
    });
    return middle === undefined || alphabetic === undefined ? MIDDLE * size : alphabetic - middle;
  }

  private add(name: string, attributes: Record<string, Attribute>, content = ""): void {
    const { globalAlpha, transforms } = this;
    if (globalAlpha === 0) return;
    this.elements.push(
      element(
        name,
        {
          ...attributes,
          opacity: globalAlpha === 1 ? null : globalAlpha,
          transform: transforms.join(" ") || null,
        },
        content,
      ),
    );
  }
}
