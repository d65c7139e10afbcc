import { exact } from '../../../../exporters/billing/exact.ts';
import { normalised, shareOfProfile } from '../../../../exporters/billing/metering/mig-share.ts';

const models: Readonly<Record<string, readonly string[]>> = {
  'NVIDIA A100-SXM4-40GB': ['1g.5gb 1/7', '1g.10gb 1/4', '2g.10gb 2/7', '3g.20gb 1/2', '4g.20gb 4/7', '7g.40gb 1/1'],
  'NVIDIA A100-SXM4-80GB': ['1g.10gb 1/7', '1g.20gb 1/4', '2g.20gb 2/7', '3g.40gb 1/2', '4g.40gb 4/7', '7g.80gb 1/1'],
  'NVIDIA H100 80GB HBM3': ['1g.10gb 1/7', '1g.20gb 1/4', '1g.10gb+me 1/7', '3g.40gb 1/2', '4g.40gb 4/7'],
  'NVIDIA H100 PCIe': ['1g.10gb 1/7', '1g.20gb 1/4'],
  'NVIDIA H100 NVL': ['1g.12gb 1/7', '1g.24gb 1/4', '2g.24gb 2/7', '3g.47gb 1/2', '4g.47gb 4/7', '7g.94gb 1/1'],
  'NVIDIA GH200 480GB': ['1g.12gb 1/7', '1g.24gb 1/4', '3g.48gb 1/2', '7g.96gb 1/1'],
  'NVIDIA GH200 144G HBM3e': ['1g.18gb 1/7', '1g.36gb 1/4', '3g.72gb 1/2'],
  'NVIDIA H200': ['1g.18gb 1/7', '1g.35gb 1/4', '2g.35gb 2/7', '3g.71gb 1/2', '4g.71gb 4/7', '7g.141gb 1/1'],
  'NVIDIA B200': ['1g.23gb 1/7', '1g.45gb 1/4', '1g.47gb 1/4', '3g.90gb 1/2', '3g.93gb 1/2', '7g.186gb 1/1'],
  'NVIDIA B300': ['1g.34gb 1/7', '1g.67gb 1/4', '3g.135gb 1/2', '7g.269gb 1/1'],
  'NVIDIA A30': ['1g.6gb 1/4', '2g.12gb 1/2', '2g.12gb+me 1/2', '4g.24gb 1/1'],
  'NVIDIA RTX PRO 6000 Blackwell Server Edition': ['1g.24gb 1/4', '2g.48gb 1/2', '4g.96gb 1/1'],
  'something new': ['1g.99gb 1/7', '2g.99gb 2/7', '3g.99gb 1/2', '7g.99gb 1/1'],
};

const cases = Object.entries(models).flatMap(([model, profiles]) =>
  profiles.map((line) => {
    const [profile = '', share = ''] = line.split(' ');
    return [model, profile, share] as const;
  }),
);

test.each(cases)('%s: %s is %s', (model, profile, share) => {
  const { num, den } = shareOfProfile(model, profile) ?? {};
  expect(`${num}/${den}`).toBe(share);
});

test('a compute instance has the share of its GPU instance', () => {
  expect(shareOfProfile('NVIDIA H200', '1c.3g.71gb')).toEqual(exact(1n, 2n));
  expect(shareOfProfile('NVIDIA H200', 'MIG 3g.71gb')).toEqual(exact(1n, 2n));
});

test('settings for a model and profile win over those for a profile, and these over the table', () => {
  const settings = { '1g.10gb': { num: 1, den: 8 }, 'B/1g.10gb': { num: 3, den: 20 } };
  expect(shareOfProfile('A', '1g.10gb', settings)).toEqual(exact(1n, 8n));
  expect(shareOfProfile('B', '1g.10gb', settings)).toEqual(exact(3n, 20n));
});

test.each(['', 'whole', '0g.5gb', 'g.gb'])('%j tells no slices', (profile) => {
  expect(shareOfProfile('NVIDIA H200', profile)).toBeUndefined();
});

test('instances are normalised only if they are more than the GPU', () => {
  const of = (...profiles: string[]) =>
    profiles.map((profile) => shareOfProfile('NVIDIA H100 80GB HBM3', profile) ?? exact(0n));
  expect(normalised(of('4g.40gb', '3g.40gb'))).toEqual([exact(8n, 15n), exact(7n, 15n)]);
  expect(normalised(of('3g.40gb', '3g.40gb'))).toEqual([exact(1n, 2n), exact(1n, 2n)]);
  expect(normalised(of(...Array<string>(7).fill('1g.10gb')))).toEqual(Array(7).fill(exact(1n, 7n)));
  expect(normalised([])).toEqual([]);
});
