import { describe, expect, test } from "vitest";
import { figureOf } from "../../../test/fixtures";
import type { LogitLensProps } from "../../props";
import { LensSource } from "./lensSource";
import { namedStages, pathOf, rankPlace, rankTicks } from "./path";

function props(name: string): LogitLensProps {
  return figureOf("LogitLens", name).props;
}

describe("the path of a target", () => {
  test("has the numbers of its column, from the embedding on", async () => {
    const shown = props("lens");
    const source = new LensSource(shown.sequences[0]!, shown);
    expect(pathOf(source, shown.stages.length, 3)).toEqual([]);
    await source.loadAll();
    const points = pathOf(source, shown.stages.length, 3);
    expect(points.map(({ rank }) => rank)).toEqual(shown.stages.map((_, stage) => source.rank(stage, 3)));
    expect(points.map(({ probability }) => Math.log(probability))).toEqual(
      shown.stages.map((_, stage) => expect.closeTo(source.targetLogProb(stage, 3), 9)),
    );
    expect(pathOf(source, shown.stages.length, shown.sequences[0]!.tokens.length - 1)).toEqual([]);
  });

  test("has ranks on a logarithmic axis, the likeliest on top", () => {
    expect([1, 10, 100, 10_000].map((rank) => rankPlace(rank, 10_000))).toEqual([1, 0.75, 0.5, 0]);
    expect(rankPlace(1, 1)).toBe(1);
    expect([1, 7, 100, 50_257].map(rankTicks)).toEqual([[1], [1], [1, 10, 100], [1, 100, 10_000]]);
  });

  test.each([1, 2, 7, 13, 49])(
    "names stages of %d that do not touch, the first and the last among them",
    (count) => {
      for (const room of [100, 250, 380]) {
        const named = namedStages(count, room);
        expect([named[0], named.at(-1)]).toEqual([0, count - 1]);
        const gaps = named.slice(1).map((stage, i) => ((stage - named[i]!) * room) / (count - 1));
        expect(Math.min(...gaps, Infinity)).toBeGreaterThanOrEqual(named.length > 2 ? 60 : 0);
      }
    },
  );
});
