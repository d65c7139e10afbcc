/** `.001` for 1, `.5` for 500, nothing for 0. */
const fractions: readonly string[] = Array.from({ length: 1000 }, (_, thousandths) =>
  thousandths === 0 ? '' : String(thousandths / 1000).slice(1),
);
const smallInteger = 2 ** 31;
const billion = 1e9;

/**
 * A number as both exposition formats want it; a bigint is printed exactly.
 *
 * Finding the shortest decimals of a double is most of the work of an exposition, and nearly all readings are whole numbers or
 * have at most three decimals, so these are put together from small integers. The text is the one that String(value) gives: two
 * decimals of up to 15 digits never stand for the same double, so the one found here is the shortest.
 */
export function formatValue(value: number | bigint): string {
  if (typeof value === 'bigint') return String(value);
  if (value >= 0 && value < smallInteger) {
    const thousandths = Math.round(value * 1000);
    if (thousandths / 1000 === value) return upToThreeDecimals(Math.floor(value), thousandths);
  } else if (value > 0 && Number.isSafeInteger(value)) {
    return largeInteger(value);
  }
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  return String(value);
}

function upToThreeDecimals(whole: number, thousandths: number): string {
  return String(whole) + fractions[thousandths - whole * 1000];
}

function largeInteger(value: number): string {
  const billions = Math.floor(value / billion);
  return String(billions) + String(billion + (value - billions * billion)).slice(1);
}
