/** The keyboard of a row of tabs. */

/** The tab that a key leads to; null for keys that lead to none. Behind the last tab comes the first one. */
export function nextTab(key: string, from: number, count: number): number | null {
  const targets: Record<string, number> = {
    ArrowLeft: (from - 1 + count) % count,
    ArrowRight: (from + 1) % count,
    Home: 0,
    End: count - 1,
  };
  return targets[key] ?? null;
}
