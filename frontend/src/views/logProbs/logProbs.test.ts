import { fireEvent, render, screen } from "@testing-library/svelte";
import { beforeEach, describe, expect, test } from "vitest";
import { figureOf } from "../../../test/fixtures";
import type { TokenLogProbsProps } from "../../props";
import * as words from "./descriptions";
import { Predictions, summarise } from "./predictions";
import { probabilityText } from "../../text/probability";
import TokenLogProbs from "./TokenLogProbs.svelte";

const NAMES = ["log-probs", "log-probs-first-token", "log-probs-impossible", "log-probs-hostile"];

function props(name: string): TokenLogProbsProps {
  return figureOf("TokenLogProbs", name).props;
}

beforeEach(() => {
  // jsdom has no layout
  Element.prototype.getClientRects = () => [new DOMRect(0, 0, 10, 10)] as unknown as DOMRectList;
});

describe.each(NAMES)("the predictions of %s", (name) => {
  test("are consistent: a token among the likeliest has there the log prob and the rank that it has alone", async () => {
    const predictions = await Predictions.load(props(name));
    let found = 0;
    for (let position = 1; position < predictions.count; position++) {
      const alternatives = predictions.alternatives(position);
      expect(alternatives.map(({ logProb }) => logProb)).toEqual(
        alternatives.map(({ logProb }) => logProb).sort((a, b) => b - a),
      );
      for (const guess of [predictions.token(position)!, ...predictions.also(position)]) {
        const same = alternatives.find(({ id }) => id === guess.id);
        if (!same) continue;
        found++;
        expect(Math.abs(same.logProb - guess.logProb)).toBeLessThanOrEqual(2 * predictions.bound);
        expect([same.rank, same.text]).toEqual([guess.rank, guess.text]);
      }
    }
    expect(found).toBeGreaterThan(0);
  });

  test("are none for the first token, and exist behind the last", async () => {
    const predictions = await Predictions.load(props(name));
    expect([predictions.token(0), predictions.alternatives(0), predictions.also(0)]).toEqual([null, [], []]);
    expect(predictions.token(predictions.count)).toBeNull();
    expect(predictions.alternatives(predictions.count).length).toBeGreaterThan(3);
  });
});

test("the summary is the mean over all tokens but the first", async () => {
  const predictions = await Predictions.load(props("log-probs"));
  const logProbs = Array.from({ length: 16 }, (_, i) => predictions.token(i + 1)!.logProb);
  const mean = logProbs.reduce((a, b) => a + b, 0) / 16;
  expect(summarise(predictions)).toEqual({
    count: 16,
    mean: expect.closeTo(mean, 9),
    perplexity: expect.closeTo(Math.exp(-mean), 6),
  });
  expect(words.summaryText(predictions)).toContain(`mean log prob ${mean.toFixed(4)}, perplexity`);
  const impossible = await Predictions.load(props("log-probs-impossible"));
  expect(words.summaryText(impossible)).toContain("perplexity is infinite");
  const alone = await Predictions.load(props("log-probs-1-token"));
  expect([summarise(alone), words.summaryText(alone)]).toEqual([null, expect.stringContaining("No token")]);
});

test("probabilities of any size have few digits, also where exp would be zero", () => {
  expect([0, Math.log(0.12345), Math.log(0.0001), -Infinity].map(probabilityText)).toEqual([
    "100.00 %",
    "12.35 %",
    "0.01 %",
    "0 %",
  ]);
  expect([Math.log(3.2e-7), -900].map(probabilityText)).toEqual(["3.2e-5 %", "1.4e-389 %"]);
});

test("ranks begin at 1, and say who is as likely", () => {
  const guess = { text: "", id: 0, logProb: -1, rank: 2 };
  expect([0, 1, 2, null].map((ties) => words.rankText({ ...guess, ties }))).toEqual([
    "3",
    "3 (1 other as likely)",
    "3 (2 others as likely)",
    "3",
  ]);
});

test("the switch colors by rank or probability; a pinned token lists what else was likely", async () => {
  render(TokenLogProbs, { props: { props: props("log-probs"), theme: "light" } });
  const text = await screen.findByTestId("tokens");
  const tokens = () => [...text.querySelectorAll<HTMLElement>("[data-index]")];
  const backs = () =>
    tokens()
      .map((element) => element.style.getPropertyValue("--back"))
      .join();
  expect(tokens()).toHaveLength(16); // without the first
  const seen = [backs()];
  for (const choice of ["rank", "probability"]) {
    await fireEvent.click(screen.getByRole("radio", { name: choice }));
    seen.push(backs());
  }
  expect(new Set(seen).size).toBe(3);
  await fireEvent.click(tokens()[0]!);
  expect(screen.getByTestId("status").textContent).toContain(
    "Pinned; Esc or click to release. 1 When after <|endoftext|>: rank ",
  );
  expect(screen.getAllByRole("table")[0]!.querySelectorAll("tr")).toHaveLength(10);
  await fireEvent.click(screen.getByTestId("next-token"));
  expect(screen.getByTestId("status").textContent).toContain("The token after the text: most likely");
});
