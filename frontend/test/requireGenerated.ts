/** Stops vitest with one clear sentence where the fixtures that git ignores have not been written yet. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

export default function requireGenerated(): void {
  const folder = join(import.meta.dirname, "..", "fixtures", "generated");
  if (!existsSync(folder) || !readdirSync(folder).some((file) => file.endsWith(".json"))) {
    throw new Error(
      "frontend/fixtures/generated has no fixtures: write them with `make setup`, or `python -m scripts.fixtures --generated`",
    );
  }
}
