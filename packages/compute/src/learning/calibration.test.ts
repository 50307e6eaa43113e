import { describe, expect, it } from 'vitest';
import { gaussian, uniform } from '../../test/series/random.ts';
import { calibrateAll, calibrated, fitCalibrator, fitIsotonic, fitPlatt } from './calibration.ts';

describe('Platt’s scaling', () => {
  it('finds the slope and the intercept of scores that are logistic', () => {
    const scores = Float64Array.from({ length: 20_000 }, (_, i) => 2 * gaussian(1, i));
    const came = scores.map((score, i) => (uniform(2, i) < 1 / (1 + Math.exp(-(0.7 * score - 1.2))) ? 1 : 0));
    const found = fitPlatt(scores, came);
    if (found.kind !== 'platt') throw new Error('expected a logistic curve');
    expect(found.slope).toBeCloseTo(0.7, 1);
    expect(found.intercept).toBeCloseTo(-1.2, 1);
  });

  it('of scores that tell nothing gives the share that came', () => {
    const came = Float64Array.from({ length: 100 }, (_, i) => (i < 30 ? 1 : 0));
    const calibrator = fitCalibrator('platt', new Float64Array(100).fill(0.9), came);
    expect(calibrated(calibrator, 0.9)).toBeCloseTo(0.3, 1);
  });

  it('stays finite where the classes are told apart without error', () => {
    const calibrator = fitCalibrator('platt', Float64Array.of(0, 0.1, 0.9, 1), Float64Array.of(0, 0, 1, 1));
    for (const p of [0, 0.5, 1]) {
      expect(calibrated(calibrator, p)).toBeGreaterThan(0);
      expect(calibrated(calibrator, p)).toBeLessThan(1);
    }
  });
});

describe('isotonic regression', () => {
  it('pools what falls, and keeps what rises', () => {
    const calibrator = fitIsotonic(Float64Array.of(0.1, 0.2, 0.3, 0.4), Float64Array.of(0, 1, 0, 1));
    expect([0.1, 0.2, 0.25, 0.3, 0.4].map((p) => calibrated(calibrator, p))).toEqual([0, 0.5, 0.5, 0.5, 1]);
    expect(calibrated(calibrator, 0.15)).toBeCloseTo(0.25, 12);
    expect([0, 1].map((p) => calibrated(calibrator, p))).toEqual([0, 1]);
  });

  it('never falls, whatever came', () => {
    for (let seed = 0; seed < 20; seed++) {
      const predicted = Float64Array.from({ length: 60 }, (_, i) => Math.round(20 * uniform(seed, i)) / 20);
      const calibrator = fitIsotonic(predicted, Float64Array.from({ length: 60 }, (_, i) => (uniform(seed + 100, i) < 0.4 ? 1 : 0)));
      const curve = Array.from({ length: 101 }, (_, i) => calibrated(calibrator, i / 100));
      expect(curve).toEqual(curve.toSorted((a, b) => a - b));
    }
  });

  it('as a calibrator is never sure of what few rows tell', () => {
    const calibrator = fitCalibrator('isotonic', Float64Array.of(0.1, 0.2, 0.8, 0.9), Float64Array.of(0, 0, 1, 1));
    expect(calibrated(calibrator, 0)).toBeCloseTo(1 / 4, 12);
    expect(calibrated(calibrator, 1)).toBeCloseTo(3 / 4, 12);
  });

  it('as a calibrator takes an end that rests on one row for one row, and never falls', () => {
    const predicted = Float64Array.from({ length: 100 }, (_, i) => (i + 1) / 101);
    const calibrator = fitCalibrator('isotonic', predicted, predicted.map((_, i) => (i === 0 ? 0 : i === 99 ? 1 : i % 2)));
    expect(calibrated(calibrator, 0)).toBeCloseTo(1 / 3, 12);
    expect(calibrated(calibrator, 1)).toBeCloseTo(2 / 3, 12);
    const rare = fitCalibrator('isotonic', Float64Array.of(0.1, 0.2, 0.2, 0.2, 0.2), Float64Array.of(0, 1, 0, 0, 0));
    expect([0.1, 0.2].map((p) => calibrated(rare, p))).toEqual([0.25, 0.25]);
  });
});

describe('calibrating all classes', () => {
  it('leaves probabilities that add up to 1, and missing ones missing', () => {
    const came = Float64Array.from({ length: 300 }, (_, i) => Math.floor(3 * uniform(9, i)));
    const sure = [0, 1, 2].map((k) => came.map((one, i) => (one === k && uniform(8, i) < 0.7 ? 0.98 : 0.01)));
    const calibrators = sure.map((p, k) => fitCalibrator('platt', p, came.map((one) => (one === k ? 1 : 0))));
    const probability = sure.map((p) => Float64Array.from(p));
    probability[1]![7] = Number.NaN;
    calibrateAll(calibrators, probability);
    for (let t = 0; t < 300; t++) {
      const sum = probability.reduce((total, p) => total + p[t]!, 0);
      if (t === 7) expect(sum).toBeNaN();
      else expect(sum).toBeCloseTo(1, 12);
    }
  });

  it('of two gives the first what the second leaves', () => {
    const calibrator = fitCalibrator('platt', Float64Array.of(0.1, 0.4, 0.6, 0.9), Float64Array.of(0, 1, 0, 1));
    const probability = [Float64Array.of(0.3), Float64Array.of(0.7)];
    calibrateAll([calibrator], probability);
    expect(probability[1]![0]).toBe(calibrated(calibrator, 0.7));
    expect(probability[0]![0]! + probability[1]![0]!).toBe(1);
  });
});
