/** A canvas's 2D context that writes down what is drawn: jsdom has none. */

export interface Text {
  text: string;
  x: number;
  y: number;
  alpha: number;
}

export interface Stroke {
  /** x, y of each point of the path. */
  points: [number, number][];
  alpha: number;
  color: string;
}

export interface Picture {
  texts: Text[];
  strokes: Stroke[];
  /** Vertical places of strips of an image, with their opacity. */
  strips: { x: number; y: number; alpha: number }[];
  image: ImageData | null;
}

/** A character is 6 px wide in every font. */
export function fakePen(picture: Picture): CanvasRenderingContext2D {
  let points: [number, number][] = [];
  const pen = {
    globalAlpha: 1,
    strokeStyle: "",
    fillStyle: "",
    font: "",
    clearRect: () => undefined,
    fillRect: () => undefined,
    strokeRect: () => undefined,
    setTransform: () => undefined,
    measureText: (text: string) => ({ width: 6 * text.length }),
    putImageData: (image: ImageData) => (picture.image = image),
    drawImage: (...numbers: number[]) =>
      picture.strips.push({ x: numbers[5] as number, y: numbers[6] as number, alpha: pen.globalAlpha }),
    fillText: (text: string, x: number, y: number) =>
      picture.texts.push({ text, x, y, alpha: pen.globalAlpha }),
    beginPath: () => (points = []),
    moveTo: (x: number, y: number) => points.push([x, y]),
    lineTo: (x: number, y: number) => points.push([x, y]),
    stroke: () => picture.strokes.push({ points, alpha: pen.globalAlpha, color: pen.strokeStyle }),
  };
  return pen as unknown as CanvasRenderingContext2D;
}

export function emptyPicture(): Picture {
  return { texts: [], strokes: [], strips: [], image: null };
}
