/** Probabilities as text, from their logarithms. */

/** "12.35 %"; small probabilities in scientific notation. */
export function probabilityText(logProb: number): string {
  const percent = 100 * Math.exp(logProb);
  if (logProb === -Infinity) return "0 %";
  if (percent >= 0.01) return `${percent.toFixed(2)} %`;
  // exp underflows below -745
  const exponent = (logProb + Math.log(100)) / Math.LN10;
  const power = Math.floor(exponent);
  const digits = (10 ** (exponent - power)).toFixed(1);
  return digits === "10.0" ? `1.0e${power + 1} %` : `${digits}e${power} %`;
}
