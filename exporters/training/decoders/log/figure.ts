const [space, plus, comma, minus, point, zero, nine, upperE, lowerE, lowerX] = [
  32, 43, 44, 45, 46, 48, 57, 69, 101, 120,
];
/** Powers of ten that a double holds exactly: a mantissa below 2^53 times or over one of them is rounded once, as Number does. */
const powersOfTen = Array.from({ length: 23 }, (_, power) => 10 ** power);
const maxExactDigits = 15;

/**
 * A number as Python prints it: `1e-05`, `nan`, `-inf`, and thousands with commas. Undefined for anything else, such as `N/A` or `None`.
 */
export function parseFigure(text: string): number | undefined {
  return figureIn(text, 0, text.length);
}

/** As above, for a part of a text. Takes no string of its own for what is usual, which saves half the time of reading a line. */
export function figureIn(text: string, from: number, to: number): number | undefined {
  let start = from;
  while (start < to && text.charCodeAt(start) === space) start++;
  let end = to;
  while (end > start && text.charCodeAt(end - 1) === space) end--;
  return plainDecimal(text, start, end) ?? unusual(text.slice(start, end));
}

/** Undefined for what is not of digits, a point and an exponent, or needs more than one rounding. */
function plainDecimal(text: string, from: number, to: number): number | undefined {
  const isNegative = text.charCodeAt(from) === minus;
  const start = isNegative || text.charCodeAt(from) === plus ? from + 1 : from;
  const end = readDigits(text, start, to);
  if (digits === 0 || digits > maxExactDigits) return undefined;
  const exponent = end === to ? 0 : exponentIn(text, end, to);
  const value = exponent === undefined ? undefined : scaled(mantissa, exponent - decimals);
  return isNegative && value !== undefined ? -value : value;
}

/** What readDigits read; it stands here so that no object is made for each number. */
let mantissa = 0;
let digits = 0;
let decimals = 0;

/** Reads digits with at most one point up to something else, and gives its place. Commas before the point group digits. */
function readDigits(text: string, from: number, to: number): number {
  let at = from;
  let pointAt = -1;
  mantissa = 0;
  digits = 0;
  for (; at < to; at++) {
    const code = text.charCodeAt(at);
    if (code >= zero && code <= nine) {
      mantissa = mantissa * 10 + code - zero;
      digits++;
    } else if (pointAt !== -1 || (code !== point && code !== comma)) break;
    else if (code === point) pointAt = at;
  }
  decimals = pointAt === -1 ? 0 : at - pointAt - 1;
  return at;
}

/** `e-05` up to the end. */
function exponentIn(text: string, from: number, to: number): number | undefined {
  const letter = text.charCodeAt(from);
  if ((letter !== lowerE && letter !== upperE) || to - from > 5) return undefined;
  const sign = text.charCodeAt(from + 1);
  const first = sign === minus || sign === plus ? from + 2 : from + 1;
  let value = 0;
  for (let at = first; at < to; at++) {
    const digit = text.charCodeAt(at) - zero;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  if (first === to) return undefined;
  return sign === minus ? -value : value;
}

function scaled(mantissa: number, exponent: number): number | undefined {
  const power = powersOfTen[Math.abs(exponent)];
  if (power === undefined) return undefined;
  return exponent < 0 ? mantissa / power : mantissa * power;
}

function unusual(text: string): number | undefined {
  const value = Number(text);
  // Of no text Number makes 0, and it takes hexadecimals.
  if (!Number.isNaN(value)) return text === '' || text.charCodeAt(1) === lowerX ? undefined : value;
  switch (text.toLowerCase()) {
    case 'nan':
    case '-nan':
      return Number.NaN;
    case 'inf':
    case '+inf':
    case 'infinity':
      return Number.POSITIVE_INFINITY;
    case '-inf':
    case '-infinity':
      return Number.NEGATIVE_INFINITY;
    default:
      return undefined;
  }
}

/** A step or another count; undefined if it is none. */
export function parseCount(text: string | undefined): number | undefined {
  const value = text === undefined ? undefined : parseFigure(text);
  return value !== undefined && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
