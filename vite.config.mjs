import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

/** The script is pasted into HTML: nothing in it may look like the end of a script element or a comment. */
const inlineSafe = {
  name: "inline-safe",
  generateBundle(_options, bundle) {
    for (const file of Object.values(bundle)) {
      if (file.type === "chunk") file.code = file.code.replace(/<(?=!--|\/?script)/gi, "\\x3C");
    }
  },
};

export default defineConfig({
  plugins: [svelte({ emitCss: false }), inlineSafe],
  esbuild: { charset: "ascii", legalComments: "none" },
  logLevel: "warn",
  build: {
    target: "es2020",
    outDir: "python/circuitsvis/static",
    emptyOutDir: true,
    lib: {
      entry: "frontend/src/main.ts",
      formats: ["iife"],
      name: "circuitsvis",
      fileName: () => "circuitsvis.js",
    },
  },
});
