/** ψ, the logarithmic derivative of the gamma function. */

/** ψ(x) for x > 0: its asymptotic series (DLMF 5.11.2) where x ≥ 10, reached by ψ(x) = ψ(x + 1) − 1/x. */
export function digamma(x: number): number {
  let shift = 0;
  while (x < 10) {
    shift -= 1 / x;
    x += 1;
  }
  const u = 1 / (x * x);
  const series = u * (1 / 12 - u * (1 / 120 - u * (1 / 252 - u * (1 / 240 - u * (1 / 132 - u * (691 / 32760 - u / 12))))));
  return shift + Math.log(x) - 0.5 / x - series;
}

/** ψ(n) for n = 1 … `most`, at the index n; NaN at index 0. */
export function digammaTable(most: number): Float64Array<ArrayBuffer> {
  const table = new Float64Array(most + 1).fill(Number.NaN);
  for (let n = 1; n <= most; n += 1) table[n] = digamma(n);
  return table;
}
