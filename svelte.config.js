/** The styles go into the script, and from there into the shadow root. */
export default { compilerOptions: { css: "injected", runes: true } };
