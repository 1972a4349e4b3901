// Makes every frame as high as its figure, and hands it the theme of the page. scripts/docs/figures.py has the other half.
(() => {
  const frames = () => [...document.querySelectorAll("iframe.figure")];
  const sendTheme = (frame) => {
    const { backgroundColor: background, color } = getComputedStyle(document.body);
    const scheme = document.body.dataset.mdColorScheme === "slate" ? "dark" : "light";
    frame.contentWindow?.postMessage({ scheme, background, color }, "*");
  };
  addEventListener("message", ({ source, data }) => {
    const frame = frames().find((frame) => frame.contentWindow === source);
    if (!frame || !data?.figureHeight) return;
    frame.style.height = `${data.figureHeight + 2}px`; // with its borders
    if (frame.dataset.told) return;
    frame.dataset.told = "yes";
    sendTheme(frame);
  });
  frames().forEach(sendTheme); // to those that spoke before anybody listened
  new MutationObserver(() => frames().forEach(sendTheme)).observe(document.body, {
    attributes: true,
    attributeFilter: ["data-md-color-scheme"],
  });
})();
