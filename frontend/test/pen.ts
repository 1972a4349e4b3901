/** A canvas's 2D context that records what is drawn: jsdom has none. */

export interface Text {
  text: string;
  x: number;
  y: number;
  /** Degrees by which it is turned. */
  angle: number;
  alpha: number;
  color: string;
}

export interface Stroke {
  /** x, y of each point of the path. */
  points: [number, number][];
  alpha: number;
  color: string;
}

export interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
  color: string;
}

export interface Picture {
  texts: Text[];
  strokes: Stroke[];
  rectangles: Rectangle[];
  /** Images, or strips of one, where they are drawn, with their opacity. */
  strips: { x: number; y: number; width: number; height: number; alpha: number }[];
  image: ImageData | null;
}

/** A character is 6 px wide in every font. */
export function fakePen(picture: Picture): CanvasRenderingContext2D {
  let points: [number, number][] = [];
  let transform = { x: 0, y: 0, angle: 0 };
  const saved: (typeof transform)[] = [];
  const place = (x: number, y: number) => ({
    x: transform.x + x * Math.cos(transform.angle) - y * Math.sin(transform.angle),
    y: transform.y + x * Math.sin(transform.angle) + y * Math.cos(transform.angle),
  });
  const pen = {
    globalAlpha: 1,
    strokeStyle: "",
    fillStyle: "" as string | { colors: string[] },
    font: "",
    save: () => saved.push(transform),
    restore: () => (transform = saved.pop() ?? transform),
    translate: (x: number, y: number) => (transform = { ...transform, ...place(x, y) }),
    rotate: (angle: number) => (transform = { ...transform, angle: transform.angle + angle }),
    setTransform: () => undefined,
    setLineDash: () => undefined,
    clearRect: () => undefined,
    fillRect: (x: number, y: number, width: number, height: number) =>
      picture.rectangles.push({ ...place(x, y), width, height, color: colorOf(pen.fillStyle) }),
    strokeRect: () => undefined,
    createLinearGradient: () => {
      const colors: string[] = [];
      return { colors, addColorStop: (_: number, color: string) => colors.push(color) };
    },
    measureText: (text: string) => ({ width: 6 * text.length }),
    putImageData: (image: ImageData) => (picture.image = image),
    drawImage: (_: unknown, ...numbers: number[]) => {
      const [x = 0, y = 0, width = 0, height = 0] = numbers.slice(4);
      picture.strips.push({ x, y, width, height, alpha: pen.globalAlpha });
    },
    fillText: (text: string, x: number, y: number) =>
      picture.texts.push({
        text,
        ...place(x, y),
        angle: (transform.angle * 180) / Math.PI,
        alpha: pen.globalAlpha,
        color: colorOf(pen.fillStyle),
      }),
    beginPath: () => (points = []),
    moveTo: (x: number, y: number) => points.push([x, y]),
    lineTo: (x: number, y: number) => points.push([x, y]),
    stroke: () => picture.strokes.push({ points, alpha: pen.globalAlpha, color: pen.strokeStyle }),
  };
  return pen as unknown as CanvasRenderingContext2D;
}

/** A CSS color, or those of a gradient from its start to its end. */
function colorOf(style: string | { colors: string[] }): string {
  return typeof style === "string" ? style : style.colors.join(" ");
}

export function emptyPicture(): Picture {
  return { texts: [], strokes: [], rectangles: [], strips: [], image: null };
}
