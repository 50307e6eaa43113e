/** The products that layers are made of. Loops over columns are innermost: there values lie together. */
import type { Reals } from './reals.ts';

/** A matrix in rows: row r begins at `from + r · stride`. */
export interface Rows {
  readonly values: Reals;
  readonly from: number;
  readonly stride: number;
}

/** c[r][n] += Σₖ a[r][k] b[k][n], with c [rows × cols] and b [inner × cols]; four k at a time. */
export function addProduct(rows: number, inner: number, cols: number, a: Rows, b: Rows, c: Rows): void {
  const [av, bv, cv] = [a.values, b.values, c.values];
  for (let r = 0; r < rows; r++) {
    const at = a.from + r * a.stride;
    const to = c.from + r * c.stride;
    let k = 0;
    for (; k + 4 <= inner; k += 4) {
      const [a0, a1, a2, a3] = [av[at + k]!, av[at + k + 1]!, av[at + k + 2]!, av[at + k + 3]!];
      const b0 = b.from + k * b.stride;
      const b1 = b0 + b.stride;
      const b2 = b1 + b.stride;
      const b3 = b2 + b.stride;
      for (let n = 0; n < cols; n++) cv[to + n] = cv[to + n]! + (a0 * bv[b0 + n]! + a1 * bv[b1 + n]! + a2 * bv[b2 + n]! + a3 * bv[b3 + n]!);
    }
    for (; k < inner; k++) {
      const one = av[at + k]!;
      const from = b.from + k * b.stride;
      for (let n = 0; n < cols; n++) cv[to + n] = cv[to + n]! + one * bv[from + n]!;
    }
  }
}

/** c[r][k] += Σₙ a[r][n] b[k][n], with c [rows × cols] and a [rows × inner]: the product with b transposed; four k at a time. */
export function addProductTransposed(rows: number, inner: number, cols: number, a: Rows, b: Rows, c: Rows): void {
  const [av, bv, cv] = [a.values, b.values, c.values];
  for (let r = 0; r < rows; r++) {
    const at = a.from + r * a.stride;
    const to = c.from + r * c.stride;
    let k = 0;
    for (; k + 4 <= cols; k += 4) {
      const b0 = b.from + k * b.stride;
      const b1 = b0 + b.stride;
      const b2 = b1 + b.stride;
      const b3 = b2 + b.stride;
      let [s0, s1, s2, s3] = [0, 0, 0, 0];
      for (let n = 0; n < inner; n++) {
        const one = av[at + n]!;
        s0 += one * bv[b0 + n]!;
        s1 += one * bv[b1 + n]!;
        s2 += one * bv[b2 + n]!;
        s3 += one * bv[b3 + n]!;
      }
      cv[to + k] = cv[to + k]! + s0;
      cv[to + k + 1] = cv[to + k + 1]! + s1;
      cv[to + k + 2] = cv[to + k + 2]! + s2;
      cv[to + k + 3] = cv[to + k + 3]! + s3;
    }
    for (; k < cols; k++) {
      const from = b.from + k * b.stride;
      let sum = 0;
      for (let n = 0; n < inner; n++) sum += av[at + n]! * bv[from + n]!;
      cv[to + k] = cv[to + k]! + sum;
    }
  }
}

/** c[k][n] += Σᵣ a[r][k] b[r][n], with c [inner × cols]: how a gradient gathers over samples; four rows at a time. */
export function addOuterProducts(rows: number, inner: number, cols: number, a: Rows, b: Rows, c: Rows): void {
  const [av, bv, cv] = [a.values, b.values, c.values];
  let r = 0;
  for (; r + 4 <= rows; r += 4) {
    const at = a.from + r * a.stride;
    const b0 = b.from + r * b.stride;
    const b1 = b0 + b.stride;
    const b2 = b1 + b.stride;
    const b3 = b2 + b.stride;
    for (let k = 0; k < inner; k++) {
      const [a0, a1, a2, a3] = [av[at + k]!, av[at + a.stride + k]!, av[at + 2 * a.stride + k]!, av[at + 3 * a.stride + k]!];
      const to = c.from + k * c.stride;
      for (let n = 0; n < cols; n++) cv[to + n] = cv[to + n]! + (a0 * bv[b0 + n]! + a1 * bv[b1 + n]! + a2 * bv[b2 + n]! + a3 * bv[b3 + n]!);
    }
  }
  for (; r < rows; r++) {
    const at = a.from + r * a.stride;
    const from = b.from + r * b.stride;
    for (let k = 0; k < inner; k++) {
      const one = av[at + k]!;
      const to = c.from + k * c.stride;
      for (let n = 0; n < cols; n++) cv[to + n] = cv[to + n]! + one * bv[from + n]!;
    }
  }
}

/** out[from + n] += Σᵣ a[r][n]: the gradient of a bias. */
export function addColumnSums(rows: number, cols: number, a: Rows, out: Reals, from: number): void {
  const av = a.values;
  for (let r = 0; r < rows; r++) {
    const at = a.from + r * a.stride;
    for (let n = 0; n < cols; n++) out[from + n] = out[from + n]! + av[at + n]!;
  }
}

/** Every row of `to` becomes `values[from … from + cols)`. */
export function fillRows(rows: number, cols: number, values: Reals, from: number, to: Rows): void {
  const out = to.values;
  for (let r = 0; r < rows; r++) {
    const at = to.from + r * to.stride;
    for (let n = 0; n < cols; n++) out[at + n] = values[from + n]!;
  }
}
