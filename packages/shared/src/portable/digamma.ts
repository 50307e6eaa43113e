/** The digamma function ψ. */

/** ψ(1), less the Euler-Mascheroni constant. */
const first = -0.5772156649015329;

/**
 * ψ(n) for n = 1 … last, each at its place, by ψ(n + 1) = ψ(n) + 1/n summed after Kahan (1965); place 0 is 0, where ψ
 * is not defined. The order of the operations is that of native/kernels/common/information_tables.h.
 */
export function digammas(last: number): Float64Array<ArrayBuffer> {
  const values = new Float64Array(last + 1);
  let psi = first;
  let rest = 0;
  for (let n = 1; n <= last; n++) {
    values[n] = psi;
    const term = 1 / n - rest;
    const next = psi + term;
    rest = next - psi - term;
    psi = next;
  }
  return values;
}
