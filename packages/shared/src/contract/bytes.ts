/** Amounts of memory in words. */

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const units = ['KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** Bytes in binary units, with three significant digits: "1,023 B", "1.5 GiB". */
export function inBytes(bytes: number): string {
  if (bytes < 1024) return `${whole.format(bytes)} B`;
  let [value, unit] = [bytes / 1024, 0];
  while (value >= 999.5 && unit < units.length - 1) [value, unit] = [value / 1024, unit + 1];
  return `${Number(value.toPrecision(3))} ${units[unit]}`;
}
