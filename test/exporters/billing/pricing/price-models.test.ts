import { billOf, briefly, h100, hour, rate, research, spanOf, tokenPrice, tokens, used } from './rating.ts';

/** The amount of the only line, in EUR. */
function amountOf(yaml: string, quantity: bigint): string {
  const { lines, problems } = billOf(rate(yaml, [tokens(quantity)]));
  expect(problems).toEqual([]);
  expect(lines.length).toBeLessThanOrEqual(1);
  return lines[0]?.amount ?? 'none';
}

describe('unit: units × price', () => {
  test.each([
    // 0 units have no line
    [0n, 'none'],
    // 1 × 0.0025 = 0.0025
    [1n, '0.00'],
    // 2 × 0.0025 = 0.005, half away from zero
    [2n, '0.01'],
    // 1,000,000 × 0.0025 = 2500
    [1_000_000n, '2500.00'],
    // 123,457 × 0.0025 = 308.6425
    [123_457n, '308.64'],
    // absurd: 10^30 × 0.0025 = 25 × 10^26
    [10n ** 30n, `25${'0'.repeat(26)}.00`],
  ])('%s tokens cost %s', (quantity, amount) => {
    expect(amountOf(tokenPrice("price: '0.0025'"), quantity)).toBe(amount);
  });
});

describe('package: packages of 1000 that are begun × 0.50', () => {
  test.each([
    // 1 package
    [1n, '0.50'],
    [999n, '0.50'],
    [1000n, '0.50'],
    // 1001 begin the second
    [1001n, '1.00'],
    [2000n, '1.00'],
    [2001n, '1.50'],
  ])('%s tokens cost %s', (quantity, amount) => {
    expect(amountOf(tokenPrice("model: package, package: 1000, price: '0.50'"), quantity)).toBe(amount);
  });
});

const tiers =
  "tiers: [{ up_to: 1000, price: '0.10', flat: '5' }, { up_to: 5000, price: '0.05', flat: '3' }, { price: '0.01' }]";

describe('graduated: 0.10 up to 1000 and 5 once, 0.05 up to 5000 and 3 once, 0.01 beyond', () => {
  test.each([
    // 1 × 0.10 + 5
    [1n, '5.10'],
    // 1000 × 0.10 + 5: the tier is full
    [1000n, '105.00'],
    // 105 + 1 × 0.05 + 3: just passed
    [1001n, '108.05'],
    // 105 + 4000 × 0.05 + 3
    [5000n, '308.00'],
    // 308 + 1 × 0.01
    [5001n, '308.01'],
    // 308 + 5000 × 0.01
    [10_000n, '358.00'],
  ])('%s tokens cost %s', (quantity, amount) => {
    expect(amountOf(tokenPrice(`model: graduated, ${tiers}`), quantity)).toBe(amount);
  });
});

describe('volume: all units at the price of the tier that the period reaches', () => {
  test.each([
    // 1 × 0.10 + 5
    [1n, '5.10'],
    // 1000 × 0.10 + 5
    [1000n, '105.00'],
    // 1001 × 0.05 + 3 = 53.05: just passed costs less
    [1001n, '53.05'],
    // 5000 × 0.05 + 3
    [5000n, '253.00'],
    // 5001 × 0.01
    [5001n, '50.01'],
  ])('%s tokens cost %s', (quantity, amount) => {
    expect(amountOf(tokenPrice(`model: volume, ${tiers}`), quantity)).toBe(amount);
  });
});

test('a tier with only a flat price costs that, and units beyond it their price', () => {
  const yaml = tokenPrice("model: graduated, tiers: [{ up_to: 100, price: 0, flat: '20' }, { price: '1' }]");
  expect([1n, 100n, 101n].map((quantity) => amountOf(yaml, quantity))).toEqual(['20.00', '20.00', '21.00']);
});

test('tiers end at fractions of a unit', () => {
  const yaml = `${research}
prices:
  - meter: gpu_time
    unit: GPU hour
    model: graduated
    tiers: [{ up_to: '0.5', price: '4' }, { price: '2' }]
`;
  // 0.5 × 4 + 1 × 2
  expect(briefly(billOf(rate(yaml, [used({ quantity: BigInt(1.5 * hour) })])))).toEqual(['usage 1.5 4.00']);
});

test('tiers count what is used in the whole period, across a change of the price', () => {
  const yaml = `${research}
prices:
  - meter: llm_tokens
    unit: token
    model: graduated
    tiers: [{ up_to: 1000, price: '0.10' }, { price: '0.05' }]
    to: 2026-02-15
  - meter: llm_tokens
    unit: token
    model: graduated
    tiers: [{ up_to: 1000, price: '0.20' }, { price: '0.02' }]
    from: 2026-02-15
`;
  const first = tokens(800n, { span: spanOf('2026-02-01', '2026-02-15') });
  const second = tokens(800n, { span: spanOf('2026-02-15', '2026-03-01') });
  // 800 × 0.10; then 200 × 0.20 + 600 × 0.02
  expect(briefly(billOf(rate(yaml, [second, first])))).toEqual(['usage 800 80.00', 'usage 800 52.00']);
});

test('a package that was begun is used up after a change of the price', () => {
  const yaml = `${research}
prices:
  - { meter: llm_tokens, unit: token, model: package, package: 1000, price: '1', to: 2026-02-15 }
  - { meter: llm_tokens, unit: token, model: package, package: 1000, price: '2', from: 2026-02-15 }
`;
  const first = tokens(1500n, { span: spanOf('2026-02-01', '2026-02-15') });
  const within = tokens(500n, { span: spanOf('2026-02-15', '2026-03-01') });
  const beyond = tokens(501n, { span: spanOf('2026-02-15', '2026-03-01') });
  // 2 packages at 1; nothing; with 501 the third package at 2
  expect(briefly(billOf(rate(yaml, [first, within])))).toEqual(['usage 1500 2.00', 'usage 500 0.00']);
  expect(briefly(billOf(rate(yaml, [first, beyond])))).toEqual(['usage 1500 2.00', 'usage 501 2.00']);
});

test('volume looks at the whole period for each price', () => {
  const yaml = `${research}
prices:
  - { meter: llm_tokens, unit: token, model: volume, tiers: [{ up_to: 1000, price: 2 }, { price: 1 }], to: 2026-02-15 }
  - { meter: llm_tokens, unit: token, model: volume, tiers: [{ up_to: 5000, price: 4 }, { price: 3 }], from: 2026-02-15 }
`;
  const halves = [
    tokens(800n, { span: spanOf('2026-02-01', '2026-02-15') }),
    tokens(700n, { span: spanOf('2026-02-15', '2026-03-01') }),
  ];
  // 1500 in all: 800 × 1, 700 × 4
  expect(briefly(billOf(rate(yaml, halves)))).toEqual(['usage 800 800.00', 'usage 700 2800.00']);
});

test('tiers are shared by the clusters and cost centres of a tenant, and their parts add up', () => {
  const yaml = `
tenants:
  - name: research
    owns: [{ namespace: train }, { namespace: eval, cost_centre: CC-2 }]
prices:
  - { meter: llm_tokens, unit: token, model: graduated, tiers: [{ up_to: 10, price: '0.10' }, { price: '0.05' }] }
`;
  const eighths = [tokens(5n), tokens(5n, { cluster: 'oslo' }), tokens(5n, { holder: { namespace: 'eval' } })];
  const { lines, total } = billOf(rate(yaml, eighths));
  // 10 × 0.10 + 5 × 0.05 = 1.25, a third each is 0.4166…: two cents that are missing go to two of them
  expect(total).toBe('1.25');
  expect(lines.map(({ amount }) => amount).sort()).toEqual(['0.41', '0.42', '0.42']);
  expect(lines.map(({ costCentre }) => costCentre).sort()).toEqual(['CC-2', 'research', 'research']);
});

describe('MIG', () => {
  const profile = (name: string, num: number, den: number) =>
    used({ sku: `${h100} MIG ${name}`, resource: `GPU-1/${name}`, share: { num, den }, quantity: BigInt(100 * hour) });

  const derived = `${research}
prices:
  - { meter: gpu_time, sku: 'NVIDIA H100*', unit: GPU hour, price: '3.00' }
`;

  test.each([
    // 100 h × 8/56 × 3.00 = 42.857…
    ['1g.10gb', 1, 7, '42.86'],
    // 100 × 28/56 × 3
    ['3g.40gb', 1, 2, '150.00'],
    // 100 × 32/56 × 3 = 171.428…
    ['4g.40gb', 4, 7, '171.43'],
    ['7g.80gb', 1, 1, '300.00'],
  ])('%s costs its dominant share of the model', (name, num, den, amount) => {
    expect(billOf(rate(derived, [profile(name, num, den)])).total).toBe(amount);
  });

  test('4g and 3g of one GPU, normalised, cost one GPU', () => {
    // 100 × 8/15 × 3 = 160 and 100 × 7/15 × 3 = 140
    const bill = billOf(rate(derived, [profile('4g.40gb', 8, 15), profile('3g.40gb', 7, 15)]));
    expect(bill.lines.map(({ amount }) => amount)).toEqual(['140.00', '160.00']);
    expect(bill.total).toBe('300.00');
    expect(bill.lines[1]?.steps[0]).toBe('metered: 360000000 ms × 8/15 ÷ 3600000 ms = 53.3333333333… GPU hour');
  });

  test('a price of the profile is for an instance, whatever its share', () => {
    const yaml = `${derived}  - { meter: gpu_time, sku: '* MIG 4g.40gb', unit: GPU hour, price: '1.90' }\n`;
    const bill = billOf(rate(yaml, [profile('4g.40gb', 8, 15), profile('3g.40gb', 7, 15)]));
    // 100 × 1.90 and 100 × 7/15 × 3
    expect(briefly(bill)).toEqual(['usage 46.66666666666666666667 140.00', 'usage 100 190.00']);
  });

  test('a time-sliced GPU costs its share', () => {
    // 100 h × 1/4 × 3.00
    expect(billOf(rate(derived, [used({ share: { num: 1, den: 4 }, quantity: BigInt(100 * hour) })])).total).toBe(
      '75.00',
    );
  });
});

describe('which price', () => {
  const yaml = `${research}
prices:
  - { meter: gpu_time, unit: GPU hour, price: 1 }
  - { meter: gpu_time, sku: 'NVIDIA*', unit: GPU hour, price: 2 }
  - { meter: gpu_time, sku: 'NVIDIA H100*', unit: GPU hour, price: 3 }
  - { meter: gpu_time, sku: 'NVIDIA H100*', cluster: oslo, unit: GPU hour, price: 4 }
  - { meter: gpu_time, sku: '${h100}', unit: GPU hour, price: 5 }
`;
  test.each([
    ['AMD MI300X', 'berlin', '1.00'],
    ['NVIDIA A100', 'berlin', '2.00'],
    ['NVIDIA H100 NVL', 'berlin', '3.00'],
    ['NVIDIA H100 NVL', 'oslo', '4.00'],
    [h100, 'oslo', '5.00'],
  ])('%s in %s costs %s', (sku, cluster, amount) => {
    expect(billOf(rate(yaml, [used({ sku, cluster, quantity: BigInt(hour) })])).total).toBe(amount);
  });

  test('two patterns that say it just as exactly are a problem', () => {
    const patterns = `${research}
prices:
  - { meter: gpu_time, sku: 'NVIDIA*', unit: GPU hour, price: 2 }
  - { meter: gpu_time, sku: '*B HBM3', unit: GPU hour, price: 3 }
`;
    expect(billOf(rate(patterns, [used({ quantity: BigInt(hour) })])).problems).toEqual([
      `since 2026-02-01T00:00:00Z: prices[0] and prices[1] are both the price of meter gpu_time, SKU ${h100}, cluster berlin; make one more exact`,
    ]);
  });
});

describe('what keeps a bill open', () => {
  test('a SKU without a price is named, with meter and time', () => {
    const yaml = `${research}
prices:
  - { meter: gpu_time, sku: 'NVIDIA H100*', unit: GPU hour, price: 3, to: 2026-02-15 }
`;
    const bill = billOf(
      rate(yaml, [used({ quantity: BigInt(672 * hour) }), used({ sku: 'L4', quantity: BigInt(hour) })]),
    );
    expect(bill.total).toBe('1008.00');
    expect(bill.problems).toEqual([
      'since 2026-02-01T00:00:00Z: no price for meter gpu_time, SKU L4, cluster berlin; add one to prices',
      `since 2026-02-15T00:00:00Z: no price for meter gpu_time, SKU ${h100}, cluster berlin; add one to prices`,
    ]);
  });

  test('a meter that is not configured', () => {
    expect(billOf(rate(research, [used({ meter: 'gpu_dreams', quantity: 1n })])).problems).toEqual([
      'since 2026-02-01T00:00:00Z: the ledger has the meter gpu_dreams, which is not in meters; add it',
    ]);
  });

  test('a quantity below 0, or of more time than there is', () => {
    const yaml = tokenPrice('price: 1');
    expect(billOf(rate(yaml, [tokens(-5n)])).problems[0]).toContain(
      'llm_tokens of llama in cluster berlin is -5, below 0',
    );
    const absurd = used({ quantity: BigInt(672 * hour + 1) });
    const gpu = `${research}\nprices: [{ meter: gpu_time, unit: GPU hour, price: 1 }]`;
    expect(billOf(rate(gpu, [absurd])).problems[0]).toContain(
      'gpu_time of GPU-1 in cluster berlin is 2419200001 ms × 1/1 in 2419200000 ms',
    );
    expect(billOf(rate(gpu, [used({ quantity: BigInt(672 * hour) })])).problems).toEqual([]);
    // Three of four replicas, for the whole time
    const replicas = used({ quantity: BigInt(3 * 672 * hour), share: { num: 1, den: 4 } });
    expect(billOf(rate(gpu, [replicas])).problems).toEqual([]);
  });
});

test('what is unavailable, of the system or idle costs nobody anything unless a policy says so', () => {
  const yaml = `${research}\nprices: [{ meter: gpu_time, unit: GPU hour, price: 1 }]`;
  const states = (['unavailable', 'system', 'idle'] as const).map((state) => used({ state, quantity: BigInt(hour) }));
  expect([...rate(yaml, states).values()].flatMap(({ lines }) => lines)).toEqual([]);
});

test('usage that nobody owns has a bill of its own', () => {
  const yaml = `${research}\nprices: [{ meter: gpu_time, unit: GPU hour, price: 2 }]`;
  const bills = rate(yaml, [
    used({ quantity: BigInt(hour) }),
    used({ holder: { namespace: 'x' }, quantity: BigInt(3 * hour) }),
  ]);
  expect(billOf(bills).total).toBe('2.00');
  expect(billOf(bills, 'unattributed').total).toBe('6.00');
});

test('descriptions name the meter and what it is of', () => {
  const gpu = `${research}\nprices: [{ meter: gpu_time, unit: GPU hour, price: 1 }]`;
  expect(billOf(rate(gpu, [used({ quantity: BigInt(hour) })])).lines[0]?.description).toBe(`GPU time, ${h100}`);
  expect(billOf(rate(tokenPrice('price: 1'), [tokens(5n, { sku: '' })])).lines[0]?.description).toBe('LLM tokens');
});

test('every line says how it was reckoned', () => {
  const { lines } = billOf(rate(tokenPrice(`model: graduated, ${tiers}`), [tokens(1001n)]));
  expect(lines[0]?.steps).toEqual([
    'metered: 1001 token ÷ 1 token = 1001 token',
    'list price prices[0]: units above 0 up to 1000: 1000 × 0.1 = 100',
    'list price prices[0]: for the tier once: 5',
    'list price prices[0]: units above 1000 up to 1001: 1 × 0.05 = 0.05',
    'list price prices[0]: for the tier once: 3',
    'to be paid: 108.05 EUR',
  ]);
});
