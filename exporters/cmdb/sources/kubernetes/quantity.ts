const factors: Readonly<Record<string, number>> = {
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** A quantity of Kubernetes such as 8, 1500m, 2113424Ki or 1e3; undefined if it is none. */
export function parseQuantity(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0 ? value : undefined;
  if (typeof value !== 'string') return undefined;
  const found = /^\+?(\d{1,20}(?:\.\d{0,20})?|\.\d{1,20})(?:[eE]([+-]?\d{1,2})|(m|[kMGTPE]|[KMGTPE]i)?)$/.exec(value);
  if (found === null) return undefined;
  const [, digits = '', exponent = '0', suffix = ''] = found;
  const factor = factors[suffix];
  return factor === undefined ? undefined : Number(digits) * factor * 10 ** Number(exponent);
}
