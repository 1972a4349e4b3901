/** Builds the scripts that figures carry: `node build.mjs`. One for each file of `frontend/src/bundles`, and the loader that unpacks them. */
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { minify } from "terser";
import { build, transformWithEsbuild } from "vite";

const SOURCES = "frontend/src/bundles";
const OUT = "python/circuitsvis/static";

// browsers that have the DecompressionStream that pages need (Chromium already since 80); for older ones private fields would be written out
const TARGET = ["chrome91", "firefox113", "safari16.4"];

/** Styles travel in the script, where nothing else removes their comments and line breaks: 2 % of the bundle. */
const shortStyles = {
  name: "short-styles",
  style: ({ content }) => ({ code: content.replace(/\/\*[^]*?\*\//g, "").replace(/\s+/g, " ") }),
};

const COMMON = {
  configFile: false,
  logLevel: "warn",
  esbuild: { charset: "ascii", legalComments: "none" },
};

/** Compiles every source once, into modules that the bundles share. Files of `folder`: one with the name of each bundle, and those. */
function compile(names, folder) {
  return build({
    ...COMMON,
    plugins: [
      svelte({
        emitCss: false,
        preprocess: [shortStyles],
        compilerOptions: { cssHash: ({ hash, css }) => `s-${hash(css)}` },
      }),
    ],
    build: {
      target: TARGET,
      minify: false,
      outDir: folder,
      lib: {
        entry: Object.fromEntries(names.map((name) => [name, join(SOURCES, `${name}.ts`)])),
        formats: ["es"],
      },
      rollupOptions: {
        output: { entryFileNames: "[name].mjs", preserveModules: true, preserveModulesRoot: SOURCES },
      },
    },
  });
}

/** One file that needs no other. */
function bundle(name, folder, outDir) {
  return build({
    ...COMMON,
    build: {
      target: TARGET,
      // the packed script is 7 % smaller than with esbuild's minifier; it is in every figure
      minify: "terser",
      terserOptions: {
        compress: { ecma: 2020 },
        format: { ascii_only: true, comments: false, wrap_iife: true },
      },
      outDir,
      emptyOutDir: false,
      lib: {
        entry: join(folder, `${name}.mjs`),
        formats: ["iife"],
        name: "circuitsvis",
        fileName: () => `${name}.js`,
      },
    },
  });
}

/** The script that unpacks a bundle: short, because every figure has it as it is, and in the language of older browsers. */
async function loader(outDir) {
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
  await writeFile(join(outDir, "loader.js"), source);
}

/** The module that a live figure's widget runs in a notebook. */
async function kernelWidget(outDir) {
  const file = "frontend/src/kernelWidget.ts";
  const { code } = await transformWithEsbuild(await readFile(file, "utf8"), file, {
    target: TARGET,
    sourcemap: false,
    minify: true,
    charset: "ascii",
  });
  await writeFile(join(outDir, "kernelWidget.js"), code);
}

const names = (await readdir(SOURCES)).map((file) => basename(file, ".ts"));
const folder = await mkdtemp(join("node_modules", ".bundles-"));
const made = join(folder, "made");
try {
  await compile(names, folder);
  await Promise.all(names.map((name) => bundle(name, folder, made)));
  await kernelWidget(made);
  await loader(made);
  await rm(OUT, { recursive: true, force: true });
  await rename(made, OUT);
} finally {
  await rm(folder, { recursive: true, force: true });
}
