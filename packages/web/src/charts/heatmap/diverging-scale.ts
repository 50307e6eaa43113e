/**
 * A diverging colour scale for values in [-limit, limit]: blue below zero, red above, the page's own neutral at zero,
 * so that what is uncorrelated recedes. Interpolated in OKLab (Ottosson 2020), where equal steps look equal; blue and
 * red stay apart for the common colour-vision deficiencies.
 */
export type Scheme = 'light' | 'dark';

/** One packed pixel as a little-endian canvas stores it: 0xAABBGGRR. */
export type Pixel = number;

export interface DivergingScale {
  /** Colours from -limit to limit, evenly spaced; the middle one is zero. */
  readonly pixels: Uint32Array;
  /** Cells without a value. */
  readonly missing: Pixel;
  /** Cells that have not arrived yet. */
  readonly pending: Pixel;
}

const steps = 513;
const anchors: Record<Scheme, readonly string[]> = {
  light: ['#0b3c7a', '#2f78b7', '#8dbfdd', '#f6f6f3', '#eda58a', '#c94a45', '#7d0f25'],
  dark: ['#8ec9ff', '#3f8ed6', '#235180', '#1c2024', '#7d3a34', '#dd6450', '#ffc0a3'],
};
const unknown: Record<Scheme, { missing: string; pending: string }> = {
  light: { missing: '#c9ccd1', pending: '#eceef0' },
  dark: { missing: '#4b5057', pending: '#15181b' },
};

export function divergingScale(scheme: Scheme): DivergingScale {
  const stops = anchors[scheme].map((hex) => toOklab(rgbOf(hex)));
  const pixels = new Uint32Array(steps);
  for (let i = 0; i < steps; i++) {
    const position = (i / (steps - 1)) * (stops.length - 1);
    const left = Math.min(Math.floor(position), stops.length - 2);
    pixels[i] = pack(fromOklab(mix(stops[left]!, stops[left + 1]!, position - left)));
  }
  return { pixels, missing: pack(rgbOf(unknown[scheme].missing)), pending: pack(rgbOf(unknown[scheme].pending)) };
}

/** The pixel of a value; values beyond the limit take the end colours, NaN the colour of what is missing. */
export function pixelOf(scale: DivergingScale, value: number, limit: number): Pixel {
  if (Number.isNaN(value)) return scale.missing;
  const position = Math.max(-1, Math.min(1, value / limit));
  return scale.pixels[Math.round(((position + 1) / 2) * (steps - 1))]!;
}

/** A packed pixel as CSS writes it. */
export function cssColour(pixel: Pixel): string {
  return `rgb(${pixel & 255} ${(pixel >> 8) & 255} ${(pixel >> 16) & 255})`;
}

type Triple = readonly [number, number, number];

function rgbOf(hex: string): Triple {
  const value = Number.parseInt(hex.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

function pack([red, green, blue]: Triple): Pixel {
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

function mix(a: Triple, b: Triple, t: number): Triple {
  return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t];
}

function toOklab(rgb: Triple): Triple {
  const [r, g, b] = rgb.map((channel) => {
    const c = channel / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/** A linear channel in sRGB's encoding, as a byte. */
function byte(linear: number): number {
  const c = linear <= 0.0031308 ? linear * 12.92 : 1.055 * Math.max(linear, 0) ** (1 / 2.4) - 0.055;
  return Math.round(255 * Math.max(0, Math.min(1, c)));
}

function fromOklab([lightness, a, b]: Triple): Triple {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    byte(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    byte(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    byte(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}
