/** What a device could do at best: by its data sheet, dense, without sparsity tricks. */
export interface DevicePeak {
  /** Floating-point operations per second in double (by the fastest unit) and in single precision (ordinary units). */
  readonly f64: number;
  readonly f32: number;
  /** Bytes per second of the device's memory, and over the bus one way. */
  readonly memory: number;
  readonly bus: number;
}

const peaks: readonly (readonly [words: RegExp, peak: DevicePeak])[] = [
  [/H200/, { f64: 67e12, f32: 67e12, memory: 4.8e12, bus: 63e9 }],
  [/H100.*PCIe/, { f64: 51e12, f32: 51e12, memory: 2.0e12, bus: 63e9 }],
  [/H100/, { f64: 67e12, f32: 67e12, memory: 3.35e12, bus: 63e9 }],
  [/A100/, { f64: 19.5e12, f32: 19.5e12, memory: 2.0e12, bus: 31.5e9 }],
  [/L40S/, { f64: 1.4e12, f32: 91.6e12, memory: 864e9, bus: 31.5e9 }],
  [/\bL4\b/, { f64: 0.49e12, f32: 30.3e12, memory: 300e9, bus: 31.5e9 }],
  [/\bT4\b/, { f64: 0.25e12, f32: 8.1e12, memory: 320e9, bus: 15.8e9 }],
];

/** The peak of a device by its name; null for one that is not in the list. */
export function peakOf(device: string): DevicePeak | null {
  return peaks.find(([words]) => words.test(device))?.[1] ?? null;
}
