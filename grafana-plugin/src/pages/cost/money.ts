const minus = '\u2212';

/** An amount such as "-1234567.80" as people read it, digit for digit: it never becomes a floating-point number. */
export function amountText(amount: string): string {
  const found = /^(-?)(\d+)(\.\d+)?$/.exec(amount);
  if (found === null) return amount;
  const [, sign, whole = '', fraction = ''] = found;
  return `${sign === '-' ? minus : ''}${whole.replace(/\B(?=(\d{3})+$)/g, ',')}${fraction}`;
}

/** An amount never goes without its currency. */
export function moneyText(amount: string, currency: string): string {
  return `${amountText(amount)} ${currency}`;
}

/** What Prometheus tells of money is rounded as it is: bills have the exact amounts. */
export function roundedMoneyText(value: number, currency: string): string {
  return Number.isFinite(value) ? moneyText(value.toFixed(2), currency) : '';
}

/** A quantity or unit price, cut after so many decimals for the eye, with a sign that more follow. */
export function cutText(quantity: string, decimals = 4): string {
  const found = /^(-?\d+)\.(\d+)$/.exec(quantity);
  if (found === null) return amountText(quantity);
  const [, whole = '', fraction = ''] = found;
  const kept = fraction.slice(0, decimals);
  const rest = fraction.slice(decimals);
  const shown = /^0*$/.test(rest) ? kept.replace(/0+$/, '') : `${kept}…`;
  return shown === '' ? amountText(whole) : `${amountText(whole)}.${shown}`;
}
