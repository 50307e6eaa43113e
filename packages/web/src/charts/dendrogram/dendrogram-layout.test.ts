import { describe, expect, it } from 'vitest';
import { dendrogram } from './dendrogram-layout.ts';

describe('dendrogram', () => {
  it('has what is merged first side by side, and joints halfway between what they join', () => {
    const { leaves, joints, height } = dendrogram([{ a: 'c', b: 'd', height: 0.1 }, { a: 'a', b: 'b', height: 0.2 }, { a: 'a', b: 'c', height: 0.5 }]);
    expect(leaves).toEqual(['a', 'b', 'c', 'd']);
    expect(height).toBe(0.5);
    expect(joints).toContainEqual({ height: 0.1, top: 2, bottom: 3, fromTop: 0, fromBottom: 0 });
    expect(joints).toContainEqual({ height: 0.5, top: 0.5, bottom: 2.5, fromTop: 0.2, fromBottom: 0.1 });
  });

  it('keeps trees apart that have not been joined yet', () => {
    expect(dendrogram([{ a: 'a', b: 'b', height: 1 }, { a: 'c', b: 'd', height: 2 }]).joints.map(({ top, bottom }) => [top, bottom])).toEqual([[0, 1], [2, 3]]);
    expect(dendrogram([])).toEqual({ leaves: [], joints: [], height: 0 });
  });

  it('takes a chain as deep as it comes', () => {
    const chain = Array.from({ length: 20_000 }, (_, i) => ({ a: '0', b: String(i + 1), height: i }));
    expect(dendrogram(chain).joints).toHaveLength(20_000);
  });
});
