/** Numbers and times as Python's format strings write them, which is what frameworks print with. */

/** `{:.3f}` */
export function fixed(value: number, digits: number): string {
  return Number.isFinite(value) ? value.toFixed(digits) : nonFinite(value);
}

/** `{:.6E}` */
export function scientific(value: number, digits: number): string {
  if (!Number.isFinite(value)) return nonFinite(value).toUpperCase();
  const [mantissa = '', exponent = ''] = value.toExponential(digits).split('e');
  return `${mantissa}E${exponent.slice(0, 1)}${exponent.slice(1).padStart(2, '0')}`;
}

/** `repr` of a float: always with a point or an exponent of two digits or more. */
export function repr(value: number): string {
  if (!Number.isFinite(value)) return nonFinite(value);
  const magnitude = Math.abs(value);
  if (magnitude !== 0 && (magnitude < 1e-4 || magnitude >= 1e16)) {
    const [mantissa = '', exponent = ''] = value.toExponential().split('e');
    return `${mantissa}e${exponent.slice(0, 1)}${exponent.slice(1).padStart(2, '0')}`;
  }
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

/** `{:.4g}` */
export function general(value: number, digits: number): string {
  if (!Number.isFinite(value)) return nonFinite(value);
  if (value === 0) return '0';
  const exponent = Math.floor(Math.log10(Math.abs(value)));
  if (exponent >= -4 && exponent < digits) return String(Number(value.toPrecision(digits)));
  const [mantissa = '', power = ''] = value.toExponential(digits - 1).split('e');
  return `${String(Number(mantissa))}e${power.slice(0, 1)}${power.slice(1).padStart(2, '0')}`;
}

/** `{:,.2f}` */
export function grouped(value: number, digits: number): string {
  if (!Number.isFinite(value)) return nonFinite(value);
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

function nonFinite(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  return value > 0 ? 'inf' : '-inf';
}

/** Date and time as `datetime.now()` and the logging module have them in containers, whose clocks show UTC; without the fraction. */
export function utcStamp(unixSeconds: number): string {
  return new Date(unixSeconds * 1000).toISOString().slice(0, 19).replace('T', ' ');
}

/** Digits of the fraction of a second. */
export function fraction(unixSeconds: number, digits: number): string {
  return String(Math.floor((unixSeconds % 1) * 10 ** digits)).padStart(digits, '0');
}

/** `%(asctime)s` of the logging module. */
export function loggingStamp(unixSeconds: number): string {
  return `${utcStamp(unixSeconds)},${fraction(unixSeconds, 3)}`;
}

/** Without anything between the parts, as in names of files. */
export function compactStamp(unixSeconds: number): string {
  return utcStamp(unixSeconds).replaceAll(/[-:]/g, '').replace(' ', '-');
}
