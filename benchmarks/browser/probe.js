// Runs in every page before its own scripts. Reports when a picture, which is a canvas or an SVG, is drawn and when it changes; in pages
// of colored tokens, whose selector is in __benchTokens, when a token has a color and when the text or a color changes.
// All checks run in a task right after a frame, when everything drawn in that frame has been painted. The reported time is that of
// the check. The time that counts is that of the next frame shown (screencast.py), not the start of the checked frame: the frame
// before it may be shown after its start.
(() => {
  const SIDE = 64; // pixels to which canvases are scaled down before they are compared
  const PROBED = 24; // pictures checked per frame at most, which keeps the probe cheap
  const SHAPES = 20; // an SVG with fewer shapes is an icon, or has only its labels
  const STILL = 30; // frames without a new picture after which all pictures are there
  const WALKED = 5000; // elements of an SVG visited at most, which keeps the probe cheap
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
  const colorful = (pixels) => pixels.some((pixel) => pixel !== pixels[0]);
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
  const drawn = (element) => (isCanvas(element) ? colorful(sample(element)) : hasShapes(element));

  // Live collections, because a query after every frame would visit all elements of a document, of which there may be a million.
  const live = ["canvas", "svg"].map((name) => document.getElementsByTagName(name));
  function elements() {
    const shadowed = roots.flatMap((root) => [...root.querySelectorAll("canvas, svg")]);
    return [...live.flatMap((each) => [...each]), ...shadowed];
  }

  /** Pictures on screen with their boxes. The first is the stage: the element of `stageSelector`, or else the largest picture. */
  function pictures() {
    const onScreen = elements()
      .map((element) => ({ element, box: element.getBoundingClientRect() }))
      .filter(({ element, box }) => box.width > (isCanvas(element) ? 8 : 40) && box.height > (isCanvas(element) ? 8 : 40))
      .filter(({ box }) => box.top < innerHeight && box.bottom > 0 && box.left < innerWidth)
      .sort((a, b) => b.box.width * b.box.height - a.box.width * a.box.height);
    const stage = probe.stageSelector && onScreen.findIndex(({ element }) => element.matches(probe.stageSelector));
    return stage > 0 ? [...onScreen.splice(stage, 1), ...onScreen] : onScreen;
  }
  /** All elements that match, also in shadow roots. */
  const matches = (selector) => [document, ...roots].flatMap((root) => [...root.querySelectorAll(selector)]);

  const probe = { contexts, longestTask: 0, stageSelector: null };
  const seen = {};
  // Reports on the console, because no code can be run in a page whose main thread is busy. Wall clock times in milliseconds.
  function report(event, start, detected) {
    seen[event] = true;
    flag();
    console.debug(`bench ${event} ${performance.timeOrigin + start} ${performance.timeOrigin + detected}`);
  }
  // Changes one pixel, so that a frame follows even if the reported one has been shown already.
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
    const now = performance.now();
    if (!seen.complete) {
      const all = pictures();
      const done = all.slice(0, PROBED).map(({ element }) => drawn(element));
      if (!seen.first && done.includes(true)) report("first", 0, now);
      if (done.includes(false) || all.length !== whole.count) whole = { count: done.includes(false) ? 0 : all.length, found: now, frames: 0 };
      else if (whole.count > 0 && ++whole.frames === STILL) report("complete", 0, whole.found);
    }
    if (armed?.before && armed.moved !== null && !seen.answer) {
      const pixels = sample(pictures()[0].element);
      if (!colorful(pixels)) armed.blanks++;
      else if (differ(pixels, armed.before)) report("answer", armed.moved, now);
    }
  }

  const SHOWN = 300; // tokens compared at most
  const TRANSPARENT = new Set(["rgba(0, 0, 0, 0)", "rgb(255, 255, 255)"]);
  const background = (element) => getComputedStyle(element).backgroundColor;
  /** Text and color of each of the first tokens on screen. */
  const tokens = () => matches(__benchTokens).slice(0, SHOWN).map((each) => `${each.textContent} ${background(each)}`);
  const isColored = (token) => !TRANSPARENT.has(token.slice(token.indexOf("rgb")));

  function checkTokens() {
    const now = performance.now();
    const waiting = armed?.before && armed.moved !== null && !seen.answer;
    if (seen.complete && !waiting) return;
    const found = tokens();
    if (!found.some(isColored)) return;
    if (!seen.first) report("first", 0, now);
    if (!seen.complete) {
      if (found.length !== whole.count) whole = { count: found.length, found: now, frames: 0 };
      else if (++whole.frames === STILL) report("complete", 0, whole.found);
    }
    if (waiting && found.join() !== armed.before) report("answer", armed.moved, now);
  }

  const centre = (box) => [box.x + box.width / 2, box.y + box.height / 2];
  const spread = (boxes, count) => {
    const step = Math.max(1, Math.floor(boxes.length / count));
    return boxes.filter((_, i) => i % step === 0).slice(0, count);
  };
  /** Centers of up to `count` thumbnails that are completely on screen, spread over all of them. */
  probe.thumbnails = (count) => {
    const [stage, ...others] = pictures();
    if (!stage) return [];
    const area = ({ box }) => box.width * box.height;
    const small = others.filter((each) => area(each) < area(stage) / 2 && each.box.top >= 0 && each.box.bottom <= innerHeight);
    return spread(small.map(({ box }) => box), count).map(centre);
  };
  /** Whether an event at the center of an element would reach it: not if a scrolling container hides it. */
  function isReached(element) {
    const { x, y, width, height } = element.getBoundingClientRect();
    const hit = element.getRootNode().elementFromPoint(x + width / 2, y + height / 2);
    return hit !== null && element.contains(hit);
  }
  /** Centers of the visible parts of elements that match a CSS selector; the page is scrolled to the first one. */
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
  /** Starts to wait for a reaction to the next event of this type. True if the reaction must be another picture on the stage. */
  probe.arm = (type) => {
    if (globalThis.__benchTokens) {
      armed = { type, before: tokens().join(), moved: null, blanks: 0 };
      seen.answer = false;
      return true;
    }
    const stage = pictures()[0]?.element;
    armed = { type, before: stage && isCanvas(stage) ? sample(stage) : null, moved: null, blanks: 0 };
    seen.answer = false;
    return armed.before !== null;
  };
  /** Wall clock time, in milliseconds, of the first such event since `arm`. */
  probe.movedAt = () => performance.timeOrigin + armed.moved;
  /** Frames since `arm` in which the stage was empty. */
  probe.blanks = () => armed.blanks;
  /** x, y, width and height of the visible part of the stage. */
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
  afterFrame.port1.onmessage = globalThis.__benchTokens ? checkTokens : check;
  (function tick() {
    requestAnimationFrame(tick);
    afterFrame.port2.postMessage(null);
  })();
  globalThis.__probe = probe;
})();
