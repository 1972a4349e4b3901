// Runs before any page's own scripts, the same in every page. It reads pixels back from canvases and says when.
// All checks happen in a task right after a frame, so that whatever was drawn in that frame has been painted.
(() => {
  const SIDE = 64; // canvases are compared scaled down to this
  const PROBED = 24; // at most so many canvases a frame, to keep the probe cheap
  const roots = [document];
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
  const drawn = (pixels) => pixels.some((pixel) => pixel !== pixels[0]);
  const differ = (a, b) => a.some((pixel, i) => pixel !== b[i]);

  /** Canvases on screen with their boxes, largest first: the first is the stage, small ones are thumbnails. */
  function canvases() {
    return roots
      .flatMap((root) => [...root.querySelectorAll("canvas")])
      .map((element) => ({ element, box: element.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 8 && box.height > 8 && box.top < innerHeight && box.bottom > 0 && box.left < innerWidth)
      .sort((a, b) => b.box.width * b.box.height - a.box.width * a.box.height);
  }

  const probe = { contexts, longestTask: 0 };
  const seen = {};
  // Said on the console, because a page whose main thread is busy could not be asked.
  function report(event, milliseconds) {
    seen[event] = true;
    console.debug(`bench ${event} ${milliseconds}`);
  }
  let armed = null;

  function check() {
    const now = performance.now();
    if (!seen.complete) {
      const done = canvases().slice(0, PROBED).map(({ element }) => drawn(sample(element)));
      if (!seen.first && done.includes(true)) report("first", now);
      if (done.length > 0 && !done.includes(false)) report("complete", now);
    }
    if (armed && armed.moved !== null && !seen.hover) {
      const stage = canvases()[0];
      const pixels = stage && sample(stage.element);
      if (pixels && drawn(pixels) && differ(pixels, armed.before)) report("hover", now - armed.moved);
    }
  }

  /** Centres of up to `count` thumbnails that are wholly on screen, spread over all of them. */
  probe.targets = (count) => {
    const [stage, ...others] = canvases();
    if (!stage) return [];
    const area = ({ box }) => box.width * box.height;
    const thumbnails = others.filter((each) => area(each) < area(stage) / 2 && each.box.top >= 0 && each.box.bottom <= innerHeight);
    const step = Math.max(1, Math.floor(thumbnails.length / count));
    return thumbnails
      .filter((_, i) => i % step === 0)
      .slice(0, count)
      .map(({ box }) => [box.x + box.width / 2, box.y + box.height / 2]);
  };
  probe.arm = () => {
    armed = { before: sample(canvases()[0].element), moved: null };
    seen.hover = false;
  };
  /** Wall clock time, in milliseconds, of the first mouse move since `arm`. */
  probe.movedAt = () => performance.timeOrigin + armed.moved;
  /** x, y, width and height of what is on screen of the largest canvas. */
  probe.stage = () => {
    const { box } = canvases()[0];
    const [left, top] = [Math.max(0, box.left), Math.max(0, box.top)];
    return [left, top, Math.min(innerWidth, box.right) - left, Math.min(innerHeight, box.bottom) - top];
  };
  probe.idle = () => new Promise((resolve) => requestIdleCallback(() => setTimeout(resolve, 100)));

  addEventListener("mousemove", (event) => { if (armed && armed.moved === null) armed.moved = event.timeStamp; }, true);
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
