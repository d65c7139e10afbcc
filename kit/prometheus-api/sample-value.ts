const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** A sample value as Prometheus prints it, such as "0.5", "1e+03", "NaN" and "-Inf"; undefined for any other text. */
export function sampleValue(text: string): number | undefined {
  if (decimal.test(text)) return Number(text);
  switch (text) {
    case 'NaN':
      return Number.NaN;
    case '+Inf':
    case 'Inf':
      return Number.POSITIVE_INFINITY;
    case '-Inf':
      return Number.NEGATIVE_INFINITY;
    default:
      return undefined;
  }
}
