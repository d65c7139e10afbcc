import { engineRelabelling } from '../../cli/generate/engine-relabel.ts';
import { engines } from '../../metrics/engines/index.ts';

/** The status that a request gets by the steps, the last that matches counts. */
function statusBy(native: string, value: string): string | undefined {
  const engine = {
    ...engines.vllm,
    series: [
      {
        unified: 'inference_requests_total' as const,
        native,
        status: {
          from: 'code',
          cases: [
            { match: '499', status: 'cancelled' as const },
            { match: '4..', status: 'rejected' as const },
          ],
          otherwise: 'error' as const,
        },
      },
    ],
  };
  const matching = engineRelabelling(engine, 'present').filter(
    ({ target_label, source_labels = [], regex }) =>
      target_label === 'status' &&
      new RegExp(`^(?:${regex})$`).test(source_labels.map((label) => (label === 'code' ? value : native)).join(';')),
  );
  return matching.at(-1)?.replacement;
}

test.each([
  ['499', 'cancelled'],
  ['429', 'rejected'],
  ['500', 'error'],
])('where cases overlap the first counts: %s is %s', (value, status) => {
  expect(statusBy('x_total', value)).toBe(status);
});

test('a label that is told as model_name is not told again, unless it tells series apart', () => {
  const dropped = (kind: 'triton' | 'ray_serve' | 'vllm') =>
    engineRelabelling(engines[kind], 'present')
      .filter(({ action }) => action === 'labeldrop')
      .map(({ regex }) => regex);
  expect(dropped('triton')).toEqual(['model']);
  expect(dropped('ray_serve')).toEqual([]);
  expect(dropped('vllm')).toEqual([]);
});
