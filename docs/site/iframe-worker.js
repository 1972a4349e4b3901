// The theme's search runs in a worker, which browsers refuse to a page that was opened from a disk. There, a hidden frame takes its place.
// The theme looks for "iframe-worker" in the name of this file, and else loads a script like it from another host.
if (location.protocol === "file:") {
  window.Worker = class extends EventTarget {
    constructor(address) {
      super();
      const frame = Object.assign(document.createElement("iframe"), { hidden: true });
      document.body.append(frame);
      this.inside = frame.contentWindow;
      this.inside.postMessage = (data) => this.receive(new MessageEvent("message", { data }));
      this.inside.importScripts = (...addresses) => Promise.all(addresses.map((each) => this.load(each)));
      this.loaded = this.load(address);
    }

    receive(event) {
      this.onmessage?.(event);
      this.dispatchEvent(event);
    }

    load(address) {
      const script = Object.assign(this.inside.document.createElement("script"), { src: address });
      return new Promise((done, failed) => {
        Object.assign(script, { onload: done, onerror: failed });
        this.inside.document.body.append(script);
      });
    }

    async postMessage(data) {
      await this.loaded;
      this.inside.dispatchEvent(new this.inside.MessageEvent("message", { data }));
    }

    terminate() {
      this.inside.frameElement.remove();
    }
  };
}
