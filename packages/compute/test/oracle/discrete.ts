/** The slow truth about discrete variables: probabilities of joint states, spelt out. */

/** Each realisation's state of several variables, as one text. */
function spelt(variables: ReadonlyArray<readonly number[]>): string[] {
  const length = Math.max(...variables.map((values) => values.length));
  return Array.from({ length }, (_, i) => variables.map((values) => values[i]).join(','));
}

/** The entropy of the joint states, −Σ p log₂ p. */
export function discreteEntropyOracle(variables: ReadonlyArray<readonly number[]>): number {
  const states = spelt(variables);
  const shares = [...new Set(states)].map((state) => states.filter((other) => other === state).length / states.length);
  return -shares.reduce((sum, share) => sum + share * Math.log2(share), 0);
}

/** I(X; Y | Z) in bits, Σ p(x, y, z) log₂ (p(x, y | z) / (p(x | z) p(y | z))). */
export function discreteInformationOracle(x: ReadonlyArray<readonly number[]>, y: ReadonlyArray<readonly number[]>, z: ReadonlyArray<readonly number[]>): number {
  const length = Math.max(...[...x, ...y].map((values) => values.length));
  const condition = z.length === 0 ? [Array.from({ length }, () => 0)] : z;
  const [xyz, xz, yz, onlyZ] = [spelt([...x, ...y, ...condition]), spelt([...x, ...condition]), spelt([...y, ...condition]), spelt(condition)];
  const share = (states: readonly string[], i: number): number => states.filter((state) => state === states[i]).length / length;
  let sum = 0;
  for (let i = 0; i < length; i += 1) sum += Math.log2((share(xyz, i) / share(onlyZ, i)) / ((share(xz, i) / share(onlyZ, i)) * (share(yz, i) / share(onlyZ, i)))) / length;
  return sum;
}
