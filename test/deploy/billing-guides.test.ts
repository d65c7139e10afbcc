import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { billingFileKeys, readBillingFile } from '../../exporters/billing/billing-file/billing-file.ts';
import { ratePeriod } from '../../exporters/billing/pricing/rate-period.ts';
import { pricingKeys } from '../../exporters/billing/pricing/read-pricing.ts';
import { segmentsOf } from '../../exporters/billing/pricing/segments.ts';
import { createTenantDirectory } from '../../exporters/billing/subjects/create-tenant-directory.ts';
import { wholeShare } from '../../exporters/billing/usage.ts';
import { parseYaml } from '../../kit/yaml.ts';
import { codeBlocks } from './code-blocks.ts';
import { root } from './manifests.ts';

const folder = join(root, 'docs', 'guides');
const hour = 3_600_000n;

type Document = Readonly<Record<string, unknown>>;

/** What a part of a file needs around it. */
const around: Document = {
  sources: [{ name: 'main', cluster: 'prod', url: 'http://prometheus:9090' }],
  tenants: [{ name: 'search', owns: [{ namespace: 'search' }], cost_centre: 'cc-42' }],
};

function read(name: string, document: Document) {
  return readBillingFile(name, () => JSON.stringify({ ...around, ...document }));
}

const snippets = readdirSync(folder)
  .filter((name) => name.startsWith('billing'))
  .flatMap((name) =>
    codeBlocks(readFileSync(join(folder, name), 'utf8'), 'yaml').map((text, index) => ({
      name: `${name} ${index + 1}`,
      document: parseYaml(name, text) as Document,
    })),
  )
  .filter(({ document }) => billingFileKeys.some((key) => key in document));

test.each(snippets)('the configuration of $name is taken', ({ name, document }) => {
  expect(() => read(name, document)).not.toThrow();
});

test('there are configurations in the guides', () => expect(snippets.length).toBeGreaterThan(10));

describe('billing-prices.md', () => {
  const page = readFileSync(join(folder, 'billing-prices.md'), 'utf8');
  const blocks = codeBlocks(page, 'yaml').map((text) => parseYaml('billing-prices.md', text) as Document);
  const blockWith = (text: string) => {
    const found = blocks.find((each) => JSON.stringify(each).includes(text));
    if (found === undefined) throw new Error(`no block with ${text}`);
    return found;
  };

  test('has every key', () => {
    expect(blocks.length).toBeGreaterThanOrEqual(8);
    const keys = [...pricingKeys, 'tenants', 'splits'];
    expect(keys.filter((key) => !page.includes(`\`${key}\``))).toEqual([]);
    for (const key of keys) expect(blocks.some((each) => key in each)).toBe(true);
  });

  interface Thing {
    readonly meter: string;
    readonly sku: string;
    readonly quantity: bigint;
    readonly share?: { readonly num: number; readonly den: number };
  }

  /** The bill of research for February 2026. */
  function billOf(document: Document, things: readonly Thing[]) {
    const { meters, tenants, pricing } = read('billing-prices.md', document);
    const { priceBook, contracts } = pricing;
    const directory = createTenantDirectory(tenants);
    const period = { startMs: Date.UTC(2026, 1, 1), endMs: Date.UTC(2026, 2, 1) };
    const segments = segmentsOf({ period, priceBook, contracts, directory });
    const totals = things.map((thing) => ({
      ...{ cluster: 'c', node: 'n', resource: 'r', state: 'used' as const, reason: '', holder: { namespace: 'train' } },
      ...{ share: wholeShare, bucket: 0, isDivided: false },
      ...thing,
    }));
    const bill = ratePeriod({ period, segments, directory, priceBook, contracts, meters, totals }).get('research');
    expect(bill?.problems).toEqual([]);
    return bill;
  }

  /** Rows of a table as its cells. */
  const rows = (start: string) =>
    page
      .slice(page.indexOf(start))
      .split('\n\n')[0]
      ?.split('\n')
      .slice(2)
      .map((line) =>
        line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      ) ?? [];

  const models = rows('| SKU | 100 million');
  test.each(models)('the row of %s says what is billed', (sku, ...cells) => {
    const amounts = [100n, 101n, 1500n].map(
      (millions) =>
        billOf(blockWith('by-package'), [{ meter: 'llm_tokens_output', sku, quantity: millions * 1_000_000n }])?.total,
    );
    expect(models).toHaveLength(4);
    expect(cells.map((cell) => cell.split('= ')[1])).toEqual(amounts);
  });

  test('the parts of GPUs cost what it says', () => {
    const total = (profile: string, num: number, den: number) =>
      billOf(blockWith('MIG 1g.10gb'), [
        { meter: 'gpu_time', sku: `NVIDIA H100 80GB HBM3 MIG ${profile}`, quantity: 100n * hour, share: { num, den } },
      ])?.total;
    expect(page).toContain(`100 × 1/2 × 3.00 = ${total('3g.40gb', 1, 2)}`);
    expect(page).toContain(`100 × 0.50 = ${total('1g.10gb', 1, 7)}`);
  });

  test('the example of a contract is billed line by line', () => {
    const bill = billOf(blockWith('research-2026'), [
      { meter: 'gpu_time', sku: 'NVIDIA H100 80GB HBM3', quantity: 100n * hour },
    ]);
    const lines = bill?.lines.map(({ kind, amount }) => [kind, amount]) ?? [];
    expect(rows('| Line | How').map(([kind, , amount]) => [kind, amount])).toEqual([...lines, ['', bill?.total]]);
  });
});
