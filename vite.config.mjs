import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [svelte({ emitCss: false })],
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
