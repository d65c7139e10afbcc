import fc from 'fast-check';
import { createTenantDirectory } from '../../../../exporters/billing/subjects/create-tenant-directory.ts';
import { readTenants } from '../../../../exporters/billing/subjects/read-tenants.ts';
import { parseYaml } from '../../../../kit/yaml.ts';

const march = Date.parse('2026-03-01T00:00:00Z');

function configOf(yaml: string) {
  const { tenants, splits } = parseYaml('billing.yaml', yaml) as {
    readonly tenants: unknown;
    readonly splits: unknown;
  };
  return readTenants(
    { value: tenants, where: 'billing.yaml: tenants' },
    { value: splits, where: 'billing.yaml: splits' },
    { currency: 'EUR' },
  );
}

const directoryOf = (yaml: string) => createTenantDirectory(configOf(yaml));

interface Where {
  readonly cluster?: string;
  readonly node?: string;
  readonly resource?: string;
}

function ownersOf(yaml: string, holder: Readonly<Record<string, string>>, where: Where = {}, atMs = march) {
  const usage = { cluster: 'berlin', node: 'node-1', resource: 'GPU-1', state: 'used' as const, holder, ...where };
  return directoryOf(yaml).attribute(usage, atMs);
}

const owner = (...args: Parameters<typeof ownersOf>) =>
  ownersOf(...args)
    .map(({ tenant }) => tenant)
    .join('+');

describe('who owns it', () => {
  const yaml = `
tenants:
  - { name: ns, owns: [{ namespace: train }, { namespace: 'ci-*' }] }
  - { name: slurm, owns: [{ account: physics }] }
  - { name: person, owns: [{ user: '1000' }] }
  - { name: key, owns: [{ tenant: acme }] }
  - { name: job, owns: [{ job: '42' }] }
  - { name: team, owns: [{ label: { app.kubernetes.io/team: red } }] }
  - { name: node, owns: [{ node: 'gpu-1*' }] }
  - { name: gpu, owns: [{ resource: GPU-7 }] }
  - { name: site, owns: [{ cluster: oslo }] }
`;
  test.each([
    ['ns', { namespace: 'train' }, {}],
    ['ns', { namespace: 'ci-7' }, {}],
    ['slurm', { account: 'physics' }, {}],
    ['person', { user_id: '1000' }, {}],
    ['key', { tenant: 'acme' }, {}],
    ['job', { job_id: '42' }, {}],
    ['team', { namespace: 'x', label_app_kubernetes_io_team: 'red' }, {}],
    ['node', { namespace: 'x' }, { node: 'gpu-17' }],
    ['gpu', {}, { resource: 'GPU-7' }],
    ['site', { namespace: 'x' }, { cluster: 'oslo' }],
    // Who had it decides before where it was
    ['ns', { namespace: 'train' }, { cluster: 'oslo', node: 'gpu-17', resource: 'GPU-7' }],
    ['unattributed', { namespace: 'x' }, {}],
    ['unattributed', {}, {}],
    ['unattributed', { namespace: 'Train' }, {}],
  ])('%s has %j at %j', (name, holder, where) => {
    expect(owner(yaml, holder as Record<string, string>, where)).toBe(name);
  });
});

describe('of two that match', () => {
  const two = (first: string, second: string) =>
    `tenants: [{ name: first, owns: [${first}] }, { name: second, owns: [${second}] }]`;
  const holder = { namespace: 'train', label_team: 'red', account: 'physics' };

  test.each([
    ['the one with more exact matchers', '{ namespace: train }', '{ namespace: train, cluster: berlin }', 'second'],
    ['the exact one', "{ namespace: 'tr*' }", '{ namespace: train }', 'second'],
    ['the one with more characters', "{ namespace: 'tr*' }", "{ namespace: 'trai*' }", 'second'],
    ['the one with more patterns', "{ namespace: 'tr*' }", "{ namespace: 'tr*', cluster: 'b*' }", 'second'],
    ['the one with priority', '{ namespace: train }', "{ namespace: '*', priority: 1 }", 'second'],
    ['not the one with less', '{ namespace: train }', '{ label: { team: red }, priority: -1 }', 'first'],
    ['the holder before the place', '{ cluster: berlin, node: node-1 }', "{ namespace: '*' }", 'second'],
  ])('%s decides', (_name, first, second, expected) => {
    expect(owner(two(first, second), holder)).toBe(expected);
    expect(ownersOf(two(first, second), holder)[0]?.contestedBy).toBeUndefined();
  });

  test('and say it just as exactly, the first of the file decides, and it is said', () => {
    const yaml = two('{ namespace: train }', '{ label: { team: red } }');
    expect(ownersOf(yaml, holder)).toMatchObject([
      { tenant: 'first', by: 'tenants[0].owns[0]', contestedBy: 'tenants[1].owns[0]' },
    ]);
    expect(ownersOf(yaml, { namespace: 'train' })[0]?.contestedBy).toBeUndefined();
  });

  test('of one tenant there is no contest', () => {
    const yaml = 'tenants: [{ name: a, owns: [{ namespace: train }, { label: { team: red } }] }]';
    expect(ownersOf(yaml, holder)[0]?.contestedBy).toBeUndefined();
  });
});

describe('validity', () => {
  const yaml = `
tenants:
  - { name: old, time_zone: Europe/Berlin, owns: [{ namespace: train, to: 2026-03-01 }] }
  - { name: new, time_zone: Europe/Berlin, owns: [{ namespace: train, from: 2026-03-01 }] }
`;
  const moved = Date.parse('2026-02-28T23:00:00Z');

  test('a namespace moves at local midnight', () => {
    expect(owner(yaml, { namespace: 'train' }, {}, moved - 1)).toBe('old');
    expect(owner(yaml, { namespace: 'train' }, {}, moved)).toBe('new');
  });

  test('cuts are the moments within a span at which something changes', () => {
    const { cuts } = directoryOf(yaml);
    expect(cuts({ startMs: moved - 1, endMs: moved + 1 })).toEqual([moved]);
    expect(cuts({ startMs: moved, endMs: moved + 1 })).toEqual([]);
    expect(cuts({ startMs: 0, endMs: moved })).toEqual([]);
  });
});

test('splits give each its share and cost centre', () => {
  const yaml = `
tenants: [{ name: a, cost_centre: CC-1 }, { name: b }]
splits:
  - { namespace: shared, between: [{ tenant: a, share: 1/3 }, { tenant: b, share: 2/3, cost_centre: CC-7 }] }
`;
  expect(ownersOf(yaml, { namespace: 'shared' })).toEqual([
    { tenant: 'a', costCentre: 'CC-1', share: { num: 1, den: 3 }, by: 'splits[0]' },
    { tenant: 'b', costCentre: 'CC-7', share: { num: 2, den: 3 }, by: 'splits[0]' },
  ]);
});

test('tenants have what the file says, or what is usual; nobody’s usage comes last', () => {
  const yaml = `tenants: [{ name: a, title: Team A, cost_centre: CC-1, time_zone: Asia/Tokyo, currency: JPY }, { name: b }]`;
  expect(directoryOf(yaml).tenants).toEqual([
    { name: 'a', title: 'Team A', costCentre: 'CC-1', timeZone: 'Asia/Tokyo', currency: 'JPY' },
    { name: 'b', title: 'b', costCentre: 'b', timeZone: 'UTC', currency: 'EUR' },
    { name: 'unattributed', title: 'Unattributed', costCentre: 'unattributed', timeZone: 'UTC', currency: 'EUR' },
  ]);
});

test('with an index it finds what looking at each rule finds', () => {
  const word = fc.constantFrom('a', 'b', 'c', 'a*', '*');
  const rule = fc.dictionary(fc.constantFrom('namespace', 'account', 'tenant', 'node', 'cluster'), word, {
    minKeys: 1,
  });
  const value = fc.constantFrom('a', 'b', 'c', 'ab');
  const usages = fc.record({ namespace: value, account: value, tenant: value });
  fc.assert(
    fc.property(fc.array(rule, { maxLength: 8 }), usages, value, value, (rules, holder, node, cluster) => {
      const unique = rules.map((each, index) => ({ ...each, priority: 100 - index }));
      const yaml = JSON.stringify({ tenants: unique.map((each, index) => ({ name: `t${index}`, owns: [each] })) });
      const usage: Record<string, string> = { ...holder, node, cluster };
      const matches = (pattern: string | number | undefined, text: string) =>
        pattern === undefined || pattern === '*' || pattern === text || (pattern === 'a*' && text.startsWith('a'));
      const expected = rules.findIndex((each) =>
        Object.entries(each).every(([key, pattern]) => matches(pattern, usage[key] ?? '')),
      );
      expect(owner(yaml, holder, { node, cluster })).toBe(expected < 0 ? 'unattributed' : `t${expected}`);
    }),
  );
});

describe('a file that cannot be meant', () => {
  test.each([
    [
      'tenants: [{ name: unattributed }]',
      'tenants[0].name must be another name; that one is for usage that nobody owns',
    ],
    ['tenants: [{ name: "a b" }]', 'tenants[0].name must be a name of 1 to 63 letters'],
    ['tenants: [{ name: a }, { name: a }]', 'tenants[1].name is the tenant a, and so is billing.yaml: tenants[0].name'],
    ['tenants: [{ name: a, time_zone: Mars }]', 'tenants[0].time_zone must be an IANA time zone'],
    ['tenants: [{ name: a, currency: EURO }]', 'tenants[0].currency must be a currency of ISO 4217'],
    ['tenants: [{ name: a, owner: [] }]', 'tenants[0] has the unknown key owner'],
    [
      'tenants: [{ name: a, owns: [{ from: 2026-01-01 }] }]',
      'tenants[0].owns[0] matches nothing; give at least one of cluster',
    ],
    [
      'tenants: [{ name: a, owns: [{ namespace: x, priority: 1.5 }] }]',
      'priority must be a whole number from -1000 to 1000',
    ],
    [
      'tenants: [{ name: a, owns: [{ namespace: x, from: 2026-02-29 }] }]',
      'from must be a date such as 2026-03-01 or a time',
    ],
    ['tenants: [{ name: a, owns: [{ namespace: x, from: 2026-02-01, to: 2026-02-01 }] }]', 'to must be after'],
    [
      'tenants: [{ name: a }]\nsplits: [{ namespace: x, between: [{ tenant: b, share: 1 }] }]',
      'must be the name of one of the tenants, got "b"',
    ],
    [
      'tenants: [{ name: a }]\nsplits: [{ namespace: x, between: [{ tenant: a, share: 2/3 }] }]',
      'splits[0].between has shares that add up to 2/3; they must add up to 1',
    ],
    ['tenants: [{ name: a }]\nsplits: [{ namespace: x }]', 'splits[0].between has shares that add up to 0/1'],
    [
      'tenants: [{ name: a }]\nsplits: [{ namespace: x, between: [{ tenant: a, share: 0 }] }]',
      'share must be a share above 0 and at most 1',
    ],
    [
      'tenants: [{ name: a }]\nsplits: [{ namespace: x, between: [{ tenant: a, share: 1/2 }, { tenant: a, share: 50% }] }]',
      'names the tenant a twice',
    ],
    [
      'tenants: [{ name: a, owns: [{ namespace: x }] }, { name: b, owns: [{ namespace: x, from: 2026-01-01 }] }]',
      'billing.yaml: tenants[1].owns[0] (b) matches the same as billing.yaml: tenants[0].owns[0] (a) at the same time',
    ],
    [
      'tenants: [{ name: a, owns: [{ namespace: x, cluster: y }] }]\nsplits: [{ cluster: y, namespace: x, between: [{ tenant: a, share: 1 }] }]',
      'billing.yaml: splits[0] (a) matches the same as billing.yaml: tenants[0].owns[0] (a)',
    ],
  ])('%s', (yaml, message) => {
    expect(() => configOf(yaml)).toThrow(message);
  });

  test('the same matchers one after the other are no contest', () => {
    expect(() =>
      configOf(
        'tenants: [{ name: a, owns: [{ namespace: x, to: 2026-01-01 }] }, { name: b, owns: [{ namespace: x, from: 2026-01-01 }] }]',
      ),
    ).not.toThrow();
  });
});

test('a hundred thousand holders are told apart by looking at few rules each', () => {
  const tenants = Array.from({ length: 1000 }, (_each, index) => ({
    name: `t${index}`,
    owns: [{ namespace: `ns-${index}` }],
  }));
  const { attribute } = directoryOf(JSON.stringify({ tenants }));
  const found = new Map<string, number>();
  for (let index = 0; index < 100_000; index += 1) {
    const holder = { namespace: `ns-${index % 1001}`, pod: `pod-${index}` };
    const [first] = attribute({ cluster: 'c', node: 'n', resource: `GPU-${index}`, state: 'used', holder }, march);
    found.set(first?.tenant ?? '', (found.get(first?.tenant ?? '') ?? 0) + 1);
  }
  expect(found.size).toBe(1001);
  expect(found.get('unattributed')).toBe(99);
});
