import { gpuScrape } from './gpu-scrape.ts';
import { render } from './render.ts';
import { table } from './table.ts';

/** `npm run bench -- [NAME…] [--json]`: runs the named benchmarks, or all, and prints a table or one JSON array. */
const benches = [render, gpuScrape];

const args = process.argv.slice(2);
const json = args.includes('--json');
const names = args.filter((arg) => !arg.startsWith('--'));
const unknown = [
  ...names.filter((name) => !benches.some((bench) => bench.name === name)),
  ...args.filter((arg) => arg.startsWith('--') && arg !== '--json'),
];

if (unknown.length > 0) {
  console.error(
    `no benchmark ${unknown.join(', ')}; there are: ${benches.map(({ name }) => name).join(', ')}; the one option is --json`,
  );
  process.exitCode = 2;
} else {
  const rows = [];
  for (const bench of benches.filter(({ name }) => names.length === 0 || names.includes(name))) {
    process.stderr.write(`${bench.name}: ${bench.about}\n`);
    rows.push(...(await bench.run((step) => process.stderr.write(`  ${step}\n`))));
  }
  console.log(json ? JSON.stringify(rows, null, 2) : `\n${table(rows)}`);
}
