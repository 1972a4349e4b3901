/**
 * The script of every page. It unpacks the bundle, once for all figures of its version, and mounts them. Built beside the bundle
 * (`build.mjs`); Python's `_page/html_page.py` puts the bundle's hash for HASH. What it is written in is older than what the bundle
 * needs, so that it can say that a browser is too old.
 */
interface Bundle {
  mountAll(hash: string): void;
  broken?: true;
}

(() => {
  const OLDEST = "this browser is too old: Chrome 92, Firefox 113 and Safari 16.4 can, and later ones";
  const globals = globalThis as unknown as {
    circuitsvis_HASH?: Promise<Bundle>;
    circuitsvis_HASH_code?: Bundle;
  };
  /** The elements of figures, and that of a whole page, which holds the bundle. */
  const wrappers = () =>
    Array.from(document.querySelectorAll('[data-circuitsvis="HASH"],[data-circuitsvis-page="HASH"]'));
  const sentenceOf = (wrapper: Element) => wrapper.querySelector("div>span");
  // Read now: once this script has waited, it is no longer the current one.
  const own = document.currentScript;
  const nonce = (own && own.nonce) || "";

  /** What the bundle exports. If it cannot be read, something that says so in place of figures. */
  async function load(earlier: Promise<Bundle> | undefined): Promise<Bundle> {
    const loaded = await earlier;
    if (loaded && !loaded.broken) return loaded;
    // Not before the `await`: nbclassic runs the scripts of an output before it inserts the output.
    hideSentences();
    let problem = "its script is missing: a program removed the page's comments, or cut the page off";
    for (const wrapper of wrappers())
      for (const { nodeType, nodeValue } of Array.from(wrapper.childNodes)) {
        if (nodeType !== Node.COMMENT_NODE || !nodeValue || nodeValue.indexOf("code:")) continue;
        try {
          return run(await inflate(nodeValue.slice(nodeValue.lastIndexOf(":") + 1)));
        } catch (error) {
          problem = `its script could not be read: ${String(error)}`;
        }
      }
    if (!("DecompressionStream" in globalThis)) problem = OLDEST;
    return { mountAll: () => say(problem), broken: true };
  }

  /** What readers without scripts are told does not flash up while the figure is made. */
  function hideSentences(): void {
    for (const wrapper of wrappers()) {
      const sentence = sentenceOf(wrapper);
      if (sentence) sentence.animate({ visibility: ["hidden", "hidden"] }, 2000);
    }
  }

  function say(problem: string): void {
    for (const wrapper of wrappers()) {
      const sentence = sentenceOf(wrapper);
      if (!sentence) continue;
      sentence.textContent = `circuitsvis could not draw this figure: ${problem}.`;
      sentence.getAnimations().forEach((animation) => animation.cancel());
    }
  }

  // Piece by piece: a Response would wait for tasks, between which the browser draws and reads on.
  async function inflate(base64: string): Promise<string> {
    // Not `Uint8Array.from`: it calls a function for each character, which takes as long as all the rest of a page's start.
    const text = atob(base64);
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
    const stream = new DecompressionStream("deflate");
    const writer = stream.writable.getWriter();
    // The reading side throws the same errors, and is awaited.
    writer.write(bytes).catch(() => 0);
    writer.close().catch(() => 0);
    const reader = stream.readable.getReader();
    let code = "";
    for (;;) {
      const { value } = await reader.read();
      if (!value) return code;
      code += new TextDecoder().decode(value); // the code is ASCII: no character lies in two pieces
    }
  }

  // A script element needs no right that this script does not have, as `eval` would.
  function run(code: string): Bundle {
    const script = document.createElement("script");
    script.nonce = nonce;
    script.textContent = `globalThis.circuitsvis_HASH_code=(()=>{${code};return circuitsvis})()\n//# sourceURL=circuitsvis-HASH.js`;
    document.head.append(script);
    script.remove();
    const bundle = globals.circuitsvis_HASH_code;
    delete globals.circuitsvis_HASH_code;
    if (!bundle) throw new Error("the security policy of this page forbids it");
    return bundle;
  }

  globals.circuitsvis_HASH = load(globals.circuitsvis_HASH);
  globals.circuitsvis_HASH.then((bundle) => bundle.mountAll("HASH"));
})();
