import { describe, expect, it } from 'vitest';
import { cssColour, divergingScale, pixelOf } from './diverging-scale.ts';

const channels = (pixel: number) => [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255] as const;
/** Relative luminance (WCAG). */
const luminance = (pixel: number) => {
  const [r, g, b] = channels(pixel).map((byte) => ((byte / 255 + 0.055) / 1.055) ** 2.4) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};

describe.each(['light', 'dark'] as const)('the diverging scale, %s', (scheme) => {
  const scale = divergingScale(scheme);

  it('is blue below zero and red above', () => {
    const [redLow, , blueLow] = channels(pixelOf(scale, -0.7, 1));
    const [redHigh, , blueHigh] = channels(pixelOf(scale, 0.7, 1));
    expect(blueLow).toBeGreaterThan(redLow + 40);
    expect(redHigh).toBeGreaterThan(blueHigh + 40);
  });

  it('has a colour at zero without a hue, furthest in lightness from both ends', () => {
    const [r, g, b] = channels(pixelOf(scale, 0, 1));
    expect(Math.max(r, g, b) - Math.min(r, g, b)).toBeLessThanOrEqual(9);
    const lightness = Array.from({ length: 41 }, (_, i) => luminance(pixelOf(scale, i / 20 - 1, 1)));
    const towardsEnds = scheme === 'light' ? -1 : 1;
    for (let i = 20; i < 40; i++) expect((lightness[i + 1]! - lightness[i]!) * towardsEnds).toBeGreaterThan(0);
    for (let i = 20; i > 0; i--) expect((lightness[i - 1]! - lightness[i]!) * towardsEnds).toBeGreaterThan(0);
  });

  it('takes the limit as its end, and keeps to the end beyond it', () => {
    expect(pixelOf(scale, 0.3, 0.3)).toBe(pixelOf(scale, 1, 1));
    expect(pixelOf(scale, -5, 1)).toBe(pixelOf(scale, -1, 1));
    expect(pixelOf(scale, 0.3, 0.3)).not.toBe(pixelOf(scale, 0.3, 1));
  });

  it('gives what is missing and what is pending colours that no value has', () => {
    expect(pixelOf(scale, Number.NaN, 1)).toBe(scale.missing);
    expect(scale.missing).not.toBe(scale.pending);
    for (const special of [scale.missing, scale.pending]) expect(scale.pixels.includes(special)).toBe(false);
  });
});

it('writes a pixel for CSS in the order red, green, blue', () => {
  expect(cssColour(0xff_00_80_ff)).toBe('rgb(255 128 0)');
});
