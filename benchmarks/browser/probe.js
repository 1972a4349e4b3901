// Runs before any page's own scripts, the same in every page. It says when a picture is drawn and when it has changed.
// A picture is a canvas or an SVG. All checks happen in a task right after a frame, so that whatever was drawn in that frame
// has been painted. What is said is when it was seen; the time that counts is when the browser next showed a frame (screencast.py): not
// when the frame began, because the one before it may be shown after that.
(() => {
  const SIDE = 64; // canvases are compared scaled down to this
  const PROBED = 24; // at most so many pictures a frame, to keep the probe cheap
  const SHAPES = 20; // an SVG with fewer has only labels or is an icon
  const STILL = 30; // pictures are all there when so many frames have brought no other
  const WALKED = 5000; // elements of an SVG looked at, to keep the probe cheap
  const DRAWING = new Set(["path", "line", "rect", "circle", "ellipse", "polyline", "polygon", "image", "use"]);
  const roots = [];
  const attachShadow = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (init) {
    const root = attachShadow.call(this, { ...init, mode: "open" });
    roots.push(root);
    return root;
  };
  const contexts = {};
  const getContext = HTMLCanvasElement.prototype.getContext;
  HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
    const context = getContext.call(this, kind, ...rest);
    const key = context ? kind : `${kind} refused`;
    contexts[key] = (contexts[key] ?? 0) + 1;
    return context;
  };

  const sampler = new OffscreenCanvas(SIDE, SIDE).getContext("2d", { willReadFrequently: true });
  function sample(canvas) {
    sampler.clearRect(0, 0, SIDE, SIDE);
    if (canvas.width && canvas.height) sampler.drawImage(canvas, 0, 0, SIDE, SIDE);
    return new Uint32Array(sampler.getImageData(0, 0, SIDE, SIDE).data.buffer);
  }
  const colourful = (pixels) => pixels.some((pixel) => pixel !== pixels[0]);
  const differ = (a, b) => a.some((pixel, i) => pixel !== b[i]);

  function hasShapes(svg) {
    const walker = document.createTreeWalker(svg, NodeFilter.SHOW_ELEMENT);
    let shapes = 0;
    for (let i = 0; i < WALKED && shapes < SHAPES && walker.nextNode(); i++) {
      if (DRAWING.has(walker.currentNode.localName)) shapes++;
    }
    return shapes === SHAPES;
  }
  const isCanvas = (element) => element.localName === "canvas";
  const drawn = (element) => (isCanvas(element) ? colourful(sample(element)) : hasShapes(element));

  // Live collections: a query would walk a document of a million elements after every frame.
  const live = ["canvas", "svg"].map((name) => document.getElementsByTagName(name));
  function elements() {
    const shadowed = roots.flatMap((root) => [...root.querySelectorAll("canvas, svg")]);
    return [...live.flatMap((each) => [...each]), ...shadowed];
  }

  /** Pictures on screen with their boxes, the stage first: what is said to be it, else the largest. Small ones are thumbnails. */
  function pictures() {
    const found = elements()
      .map((element) => ({ element, box: element.getBoundingClientRect() }))
      .filter(({ element, box }) => box.width > (isCanvas(element) ? 8 : 40) && box.height > (isCanvas(element) ? 8 : 40))
      .filter(({ box }) => box.top < innerHeight && box.bottom > 0 && box.left < innerWidth)
      .sort((a, b) => b.box.width * b.box.height - a.box.width * a.box.height);
    const stage = probe.stageSelector && found.findIndex(({ element }) => element.matches(probe.stageSelector));
    return stage > 0 ? [...found.splice(stage, 1), ...found] : found;
  }
  /** All matches, in shadow roots too. */
  const matches = (selector) => [document, ...roots].flatMap((root) => [...root.querySelectorAll(selector)]);

  const probe = { contexts, longestTask: 0, stageSelector: null };
  const seen = {};
  // Said on the console, because a page whose main thread is busy could not be asked. Wall clock times in milliseconds.
  function report(event, start, found) {
    seen[event] = true;
    flag();
    console.debug(`bench ${event} ${performance.timeOrigin + start} ${performance.timeOrigin + found}`);
  }
  // One pixel that changes: a frame is then certain to follow, even where the one reported was shown before this was said.
  let pixel = null;
  function flag() {
    if (!pixel) {
      pixel = document.createElement("i");
      pixel.style.cssText = "position: fixed; right: 0; bottom: 0; width: 1px; height: 1px; z-index: 9; pointer-events: none";
      document.documentElement.append(pixel);
    }
    pixel.style.background = pixel.style.background === "black" ? "grey" : "black";
  }
  let armed = null;
  let whole = { count: 0, found: 0, frames: 0 };

  function check() {
    const found = performance.now();
    if (!seen.complete) {
      const all = pictures();
      const done = all.slice(0, PROBED).map(({ element }) => drawn(element));
      if (!seen.first && done.includes(true)) report("first", 0, found);
      if (done.includes(false) || all.length !== whole.count) whole = { count: done.includes(false) ? 0 : all.length, found, frames: 0 };
      else if (whole.count > 0 && ++whole.frames === STILL) report("complete", 0, whole.found);
    }
    if (armed?.before && armed.moved !== null && !seen.answer) {
      const pixels = sample(pictures()[0].element);
      if (!colourful(pixels)) armed.blanks++;
      else if (differ(pixels, armed.before)) report("answer", armed.moved, found);
    }
  }

  const centre = (box) => [box.x + box.width / 2, box.y + box.height / 2];
  const spread = (boxes, count) => {
    const step = Math.max(1, Math.floor(boxes.length / count));
    return boxes.filter((_, i) => i % step === 0).slice(0, count);
  };
  /** Centres of up to `count` thumbnails that are wholly on screen, spread over all of them. */
  probe.thumbnails = (count) => {
    const [stage, ...others] = pictures();
    if (!stage) return [];
    const area = ({ box }) => box.width * box.height;
    const small = others.filter((each) => area(each) < area(stage) / 2 && each.box.top >= 0 && each.box.bottom <= innerHeight);
    return spread(small.map(({ box }) => box), count).map(centre);
  };
  /** Whether an event at its centre would reach it: not where something that scrolls has cut it off. */
  function isReached(element) {
    const { x, y, width, height } = element.getBoundingClientRect();
    const hit = element.getRootNode().elementFromPoint(x + width / 2, y + height / 2);
    return hit !== null && element.contains(hit);
  }
  /** Centres of what is on screen of the elements of a CSS selector; the first one is scrolled to. */
  probe.elements = (selector, count) => {
    const all = matches(selector);
    all[0]?.scrollIntoView({ block: "center" });
    const reached = all.filter(isReached);
    const boxes = (reached.length > 0 ? reached : all).map((element) => {
      const box = element.getBoundingClientRect();
      const [x, y] = [Math.max(0, box.left), Math.max(0, box.top)];
      return { x, y, width: Math.min(innerWidth, box.right) - x, height: Math.min(innerHeight, box.bottom) - y };
    });
    return spread(boxes.filter(({ width, height }) => width > 4 && height > 4), count).map(centre);
  };
  /** From now on wait for an answer to the next event of that type. True where the answer is another picture on the stage. */
  probe.arm = (type) => {
    const stage = pictures()[0]?.element;
    armed = { type, before: stage && isCanvas(stage) ? sample(stage) : null, moved: null, blanks: 0 };
    seen.answer = false;
    return armed.before !== null;
  };
  /** Wall clock time, in milliseconds, of the first such event since `arm`. */
  probe.movedAt = () => performance.timeOrigin + armed.moved;
  /** Frames since then in which the stage was empty. */
  probe.blanks = () => armed.blanks;
  /** x, y, width and height of what is on screen of the largest picture. */
  probe.stage = () => {
    const { box } = pictures()[0];
    const [left, top] = [Math.max(0, box.left), Math.max(0, box.top)];
    return [left, top, Math.min(innerWidth, box.right) - left, Math.min(innerHeight, box.bottom) - top];
  };
  probe.idle = () => new Promise((resolve) => requestIdleCallback(() => setTimeout(resolve, 100)));

  for (const type of ["mousemove", "mousedown", "keydown"]) {
    const note = (event) => {
      if (armed && armed.type === type && armed.moved === null) armed.moved = event.timeStamp;
    };
    addEventListener(type, note, true);
  }
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) probe.longestTask = Math.max(probe.longestTask, entry.duration);
  }).observe({ type: "longtask", buffered: true });

  const afterFrame = new MessageChannel();
  afterFrame.port1.onmessage = check;
  (function tick() {
    requestAnimationFrame(tick);
    afterFrame.port2.postMessage(null);
  })();
  globalThis.__probe = probe;
})();
