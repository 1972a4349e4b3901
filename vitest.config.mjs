import { svelte } from "@sveltejs/vite-plugin-svelte";
import { svelteTesting } from "@testing-library/svelte/vite";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [svelte({ emitCss: false }), svelteTesting()],
  test: {
    environment: "jsdom",
    // Loops over every cell of a large figure take seconds on a busy machine. No test waits on purpose.
    testTimeout: 60_000,
    include: ["frontend/**/*.test.ts"],
    globalSetup: ["frontend/test/requireGenerated.ts"],
    setupFiles: ["frontend/test/setup.ts"],
  },
});
