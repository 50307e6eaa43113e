import type { FoldParams } from '@corrente/shared/contract/analyses/learn';
import { describe, expect, it } from 'vitest';
import { uniform } from '../../test/series/random.ts';
import { holdOut, type Span, walkForward } from './folds.ts';

const plain: FoldParams = { count: 3, test: null, train: 'expanding', trainRows: null, embargo: 0 };

const refused = (rows: number, params: FoldParams, ahead: number) => () => walkForward({ from: 0, to: rows }, params, ahead);

describe('walk-forward folds', () => {
  it('test the last rows one part after the other, each trained on what lies before', () => {
    expect(walkForward({ from: 20, to: 420 }, plain, 1)).toEqual([
      { train: { from: 20, to: 119 }, test: { from: 120, to: 220 } },
      { train: { from: 20, to: 219 }, test: { from: 220, to: 320 } },
      { train: { from: 20, to: 319 }, test: { from: 320, to: 420 } },
    ]);
  });

  it('of a rolling training keep its length', () => {
    const folds = walkForward({ from: 0, to: 400 }, { ...plain, train: 'rolling', trainRows: 50, test: 60, embargo: 4 }, 6);
    expect(folds.map(({ train }) => train)).toEqual([{ from: 160, to: 210 }, { from: 220, to: 270 }, { from: 280, to: 330 }]);
    expect(walkForward({ from: 0, to: 400 }, { ...plain, train: 'rolling' }, 1).map(({ train }) => train.to - train.from)).toEqual([99, 99, 99]);
  });

  it('never train on a row whose target stands at a test row or within the embargo before it, whatever is asked', () => {
    for (let draw = 0; draw < 200; draw++) {
      const pick = (place: number, most: number): number => Math.floor(uniform(4000 + place, draw) * most);
      const span: Span = { from: pick(0, 30), to: 300 + pick(1, 300) };
      const ahead = 1 + pick(2, 20);
      const params: FoldParams = { count: 1 + pick(3, 6), test: pick(4, 2) === 0 ? null : 1 + pick(5, 20), train: pick(6, 2) === 0 ? 'expanding' : 'rolling', trainRows: pick(7, 2) === 0 ? null : 10 + pick(8, 50), embargo: pick(9, 15) };
      const folds = walkForward(span, params, ahead);
      expect(folds).toHaveLength(params.count);
      expect(folds.at(-1)?.test.to).toBe(span.to);
      for (const [k, { train, test }] of folds.entries()) {
        const lastTarget = train.to - 1 + ahead;
        expect(lastTarget + params.embargo).toBeLessThan(test.from);
        expect(train.from).toBeGreaterThanOrEqual(span.from);
        expect(train.to).toBeGreaterThan(train.from);
        if (k > 0) expect(test.from).toBe(folds[k - 1]?.test.to);
        const { fit, heldOut } = holdOut(train, 0.2, ahead + params.embargo > (train.to - train.from) / 2 ? 0 : ahead);
        expect([fit.from, heldOut.to]).toEqual([train.from, train.to]);
        expect(fit.to).toBeLessThanOrEqual(heldOut.from);
      }
    }
  });

  it('that leave too few rows to train are refused, with how many are needed', () => {
    expect(refused(40, { ...plain, test: 10 }, 1)).toThrow(expect.objectContaining({ code: 'too-few-samples', message: expect.stringContaining('at least 41') }));
    expect(refused(41, { ...plain, test: 10 }, 1)).not.toThrow();
    expect(refused(400, plain, 100)).toThrow(expect.objectContaining({ code: 'too-few-samples' }));
    expect(refused(3, plain, 1)).toThrow(expect.objectContaining({ code: 'too-few-samples' }));
  });
});

describe('rows that are held out', () => {
  it('are the last ones, with the gap before them', () => {
    expect(holdOut({ from: 100, to: 200 }, 0.2, 7)).toEqual({ fit: { from: 100, to: 173 }, heldOut: { from: 180, to: 200 } });
  });

  it('must leave rows to fit a model to', () => {
    expect(() => holdOut({ from: 0, to: 12 }, 0.5, 3)).toThrow(expect.objectContaining({ code: 'too-few-samples' }));
  });
});
