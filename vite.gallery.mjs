import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

/** The gallery of fixtures: `npm run dev`. */
export default defineConfig({ plugins: [svelte({ emitCss: false })] });
