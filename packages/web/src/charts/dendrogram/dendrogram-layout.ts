/** A tree of merges as lines: leaves one below the other, each merge at its height. */

/** The clusters whose first members are `a` and `b` become one, named as `a`. */
export interface Merge {
  readonly a: string;
  readonly b: string;
  readonly height: number;
}

/** An upright line at `height` between two rows, and where the lines to it begin. */
export interface Joint {
  readonly height: number;
  readonly top: number;
  readonly bottom: number;
  /** Heights of the merges that it joins; 0 of a leaf. */
  readonly fromTop: number;
  readonly fromBottom: number;
}

export interface Dendrogram {
  /** From top to bottom: row i is that of leaf i. */
  readonly leaves: readonly string[];
  readonly joints: readonly Joint[];
  /** The largest of all heights. */
  readonly height: number;
}

interface Branch {
  /** Its first leaf, and how many it has. */
  readonly name: string;
  readonly size: number;
  readonly height: number;
  readonly merge: { readonly upper: Branch; readonly lower: Branch } | null;
}

/** `merges` in the order in which they are done; trees that are never joined stand one below the other. */
export function dendrogram(merges: readonly Merge[]): Dendrogram {
  const branches = new Map<string, Branch>();
  const branchOf = (name: string): Branch => branches.get(name) ?? { name, size: 1, height: 0, merge: null };
  for (const { a, b, height } of merges) {
    const [upper, lower] = [branchOf(a), branchOf(b)];
    branches.set(a, { name: a, size: upper.size + lower.size, height, merge: { upper, lower } });
    branches.delete(b);
  }
  const leaves: string[] = [];
  const joints: Joint[] = [];
  for (const branch of branches.values()) place(branch, leaves, joints);
  return { leaves, joints, height: joints.reduce((largest, { height }) => Math.max(largest, height), 0) };
}

/** Appends the leaves and the joints of a tree. Without recursion: it may be as deep as it has leaves. */
function place(root: Branch, leaves: string[], joints: Joint[]): void {
  const rows = new Map<Branch, number>();
  const waiting: { readonly branch: Branch; readonly open: boolean }[] = [{ branch: root, open: false }];
  for (let task = waiting.pop(); task !== undefined; task = waiting.pop()) {
    const { branch, open } = task;
    const { merge } = branch;
    if (merge === null) {
      rows.set(branch, leaves.length);
      leaves.push(branch.name);
    } else if (open) {
      const [top, bottom] = [rows.get(merge.upper) ?? 0, rows.get(merge.lower) ?? 0];
      joints.push({ height: branch.height, top, bottom, fromTop: merge.upper.height, fromBottom: merge.lower.height });
      rows.set(branch, (top + bottom) / 2);
    } else {
      // The last one put there is taken first: the upper branch, so that leaves come from top to bottom.
      waiting.push({ branch, open: true }, { branch: merge.lower, open: false }, { branch: merge.upper, open: false });
    }
  }
}
