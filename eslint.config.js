import { readdirSync } from "node:fs";
import { join } from "node:path";
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";

/** The folders of frontend/src from the lowest to the highest. A file imports only from its own folder and from lower ones. */
const FOLDERS =
  "props text data color raster browser export state controls heatmap heads shell tokens views bundles".split(
    " ",
  );

/** Folders of views: none imports another. What two of them share lies in a lower folder. */
const VIEWS = readdirSync(join(import.meta.dirname, "frontend/src/views"));

/** A rule that the files of `folder` do not import from `forbidden`, each a folder of `frontend/src` or of `views`. */
function noImports(folder, forbidden) {
  const message = `${folder}/ may not import this folder: see FOLDERS and VIEWS in eslint.config.js`;
  const patterns = [{ regex: `^\\.\\.?/(.*/)?(${forbidden.join("|")})/`, message }];
  return {
    files: [`frontend/src/${folder}/**`],
    ignores: ["**/*.test.ts"],
    rules: { "no-restricted-imports": ["error", { patterns }] },
  };
}

const IMPORT_RULES = [
  ...FOLDERS.slice(0, -1).map((folder, i) => noImports(folder, FOLDERS.slice(i + 1))),
  ...VIEWS.map((view) =>
    noImports(
      `views/${view}`,
      VIEWS.filter((other) => other !== view),
    ),
  ),
];

export default ts.config(
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.browser, ...globals.node } },
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "no-undef": "off", // TypeScript's own check knows types and globals
      "no-console": "error",
      eqeqeq: ["error", "always", { null: "ignore" }],
    },
  },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: ts.parser } },
  },
  ...IMPORT_RULES,
  {
    files: ["**/*.test.ts"],
    // Where there is nothing, the test fails: that is what it is for.
    rules: { "@typescript-eslint/no-non-null-assertion": "off" },
  },
);
