import { svelte } from "@sveltejs/vite-plugin-svelte";
import { readFile } from "node:fs/promises";
import { minify } from "terser";
import { defineConfig, transformWithEsbuild } from "vite";

/** Styles travel in the script, where nothing else removes their comments and line breaks: 2 % of the bundle. */
const shortStyles = {
  name: "short-styles",
  style: ({ content }) => ({ code: content.replace(/\/\*[^]*?\*\//g, "").replace(/\s+/g, " ") }),
};

/** The script that unpacks the bundle: short, because every figure has it as it is, and in the language of older browsers. */
const loader = {
  name: "loader",
  async generateBundle() {
    const file = "frontend/src/loader.ts";
    const { code } = await transformWithEsbuild(await readFile(file, "utf8"), file, {
      target: "es2018",
      sourcemap: false,
    });
    const options = {
      compress: { passes: 3, ecma: 2018 },
      mangle: true,
      format: { ascii_only: true, comments: false },
    };
    const { code: source } = await minify(code, options);
    this.emitFile({ type: "asset", fileName: "loader.js", source });
  },
};

export default defineConfig({
  plugins: [
    loader,
    svelte({
      emitCss: false,
      preprocess: [shortStyles],
      compilerOptions: { cssHash: ({ hash, css }) => `s-${hash(css)}` },
    }),
  ],
  esbuild: { charset: "ascii", legalComments: "none" },
  logLevel: "warn",
  build: {
    // browsers that have the DecompressionStream that pages need (Chromium already since 80); for older ones private fields would be written out
    target: ["chrome91", "firefox113", "safari16.4"],
    // the packed script is 7 % smaller than with esbuild's minifier; it is in every figure
    minify: "terser",
    terserOptions: { compress: { passes: 3, ecma: 2020 }, format: { ascii_only: true, comments: false } },
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
