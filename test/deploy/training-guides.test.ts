import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { trainingScrapeJob } from '../../cli/generate/scrape-config.ts';
import { phaseName } from '../../exporters/training/decoders/push/phase-names.ts';
import { parsePush } from '../../exporters/training/decoders/push/push-message.ts';
import { parseStatsd } from '../../exporters/training/decoders/push/statsd.ts';
import { tellStatsd } from '../../exporters/training/decoders/push/tell-statsd.ts';
import { runPhases, sourceKinds } from '../../exporters/training/journal.ts';
import { trainingOptions } from '../../exporters/training/options.ts';
import { badputReasons } from '../../exporters/training/runs/time-ledger.ts';
import { createTagMap } from '../../exporters/training/schema/create-tag-map.ts';
import { emptyMapping } from '../../exporters/training/schema/mapping.ts';
import { tableRows } from '../laws/documents.ts';
import { createFakeStream } from '../support/fake-journal.ts';
import { tool } from '../support/tools.ts';
import { codeBlocks } from './code-blocks.ts';
import { root, schemaComplaints } from './manifests.ts';

const guide = read('training.md');
const setUps = read('training-set-ups.md');
const push = read('training-push.md');

function read(name: string): string {
  return readFileSync(join(root, 'docs/guides', name), 'utf8');
}

function inFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'training-guides-'));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Standard error of a command that failed; empty if it did not. */
function complaint(program: string, args: readonly string[], input?: string): string {
  try {
    execFileSync(program, args, { input, encoding: 'utf8', stdio: 'pipe' });
    return '';
  } catch (error) {
    return String(error);
  }
}

describe('the guide', () => {
  test('has every kind of source, in the order in which they count', () => {
    const rows = tableRows(guide, '`source`').map(([source]) => source);
    expect(rows).toEqual(sourceKinds.map((kind) => `\`${kind}\``));
  });

  test('has every reason of badput', () => {
    expect(tableRows(guide, '`reason`').map(([reason]) => reason)).toEqual(badputReasons.map((name) => `\`${name}\``));
  });

  test('has every way to end', () => {
    const ends = tableRows(guide, '`phase` |').map(([phase = '']) => phase.replaceAll('`', ''));
    expect(ends).toEqual(['finished', 'failed', 'ended']);
    expect(runPhases).toEqual(expect.arrayContaining(ends));
  });

  test('has the limits as they are', () => {
    const rows = tableRows(guide, 'Limit').filter(([limit = '']) => limit.startsWith('`--'));
    expect(rows.length).toBeGreaterThan(3);
    for (const [limit = '', shown] of rows) expect(`${limit} ${shown}`).toBe(`${limit} ${defaultOf(limit)}`);
  });

  test('has the delays as they are', () => {
    const text = tableRows(guide, 'Delay').flat().join('\n');
    for (const name of ['files.discovery-interval', 'files.poll-interval', 'files.idle-poll-interval']) {
      expect(text).toContain(`\`--${name}\`, ${defaultOf(`--${name}`)}`);
    }
  });
});

function defaultOf(flag: string): string {
  const [, name = ''] = /--([\w.-]+)/.exec(flag) ?? [];
  const spec = Object.entries(trainingOptions.options).find(([option]) => option === name)?.[1];
  return spec !== undefined && 'default' in spec ? String(spec.default) : 'none';
}

describe('the snippets', () => {
  const python = [...codeBlocks(setUps, 'python'), ...codeBlocks(push, 'python')];

  test('in Python compile', () => {
    expect(python.length).toBeGreaterThan(6);
    inFolder((folder) => {
      const files = python.map((text, index) => {
        const file = join(folder, `snippet_${index}.py`);
        writeFileSync(file, text);
        return file;
      });
      const check = 'import ast, sys\nfor name in sys.argv[1:]: ast.parse(open(name).read(), name)';
      expect(complaint('python3', ['-c', check, ...files])).toBe('');
      writeFileSync(join(folder, 'bad.py'), 'def f(:\n');
      expect(complaint('python3', ['-c', check, join(folder, 'bad.py')])).toContain('SyntaxError');
    });
  });

  test.each([
    ['training.md', guide],
    ['training-set-ups.md', setUps],
    ['training-push.md', push],
  ])('for shells in %s can be parsed', (_name, page) => {
    for (const text of codeBlocks(page, 'sh')) expect(complaint('sh', ['-n'], text)).toBe('');
    for (const text of codeBlocks(page, 'bash')) expect(complaint('bash', ['-n'], text)).toBe('');
  });

  test('that are batch scripts stop at the first error, and say which job it is', () => {
    const scripts = codeBlocks(setUps, 'bash').filter((text) => text.includes('#SBATCH'));
    expect(scripts).toHaveLength(2);
    for (const script of scripts) expect(script).toMatch(/^#!\/bin\/bash\n(#SBATCH --\S+\n)+set -euo pipefail\n/);
  });

  test('in JSON can be parsed', () => {
    const [deepspeed = ''] = codeBlocks(setUps, 'json');
    expect(JSON.parse(deepspeed)).toMatchObject({ tensorboard: { enabled: true } });
  });
});

describe('the objects of the guide', () => {
  const documents = codeBlocks(setUps, 'yaml').flatMap((text) => loadAll(text));
  const objects: readonly Record<string, unknown>[] = JSON.parse(JSON.stringify(documents));

  test('are accepted by the schemas of Kubernetes, the pods of the PyTorchJob included', () => {
    const plain = objects.filter(({ kind }) => kind === 'Secret' || kind === 'Service');
    const jobs = objects.filter(({ kind }) => kind === 'PyTorchJob').flatMap(podsOf);
    expect([plain.length, jobs.length]).toEqual([2, 2]);
    expect(schemaComplaints([...plain, ...jobs])).toEqual([null, null, null, null]);
  });

  test('have a scrape job that Prometheus takes', () => {
    const config = objects.find((object) => 'scrape_configs' in object);
    expect(config).toMatchObject({ scrape_configs: [{ job_name: trainingScrapeJob({}).job_name }] });
    inFolder((folder) => {
      const file = join(folder, 'prometheus.yml');
      writeFileSync(file, JSON.stringify(config));
      expect(complaint(tool('promtool'), ['check', 'config', file])).toBe('');
    });
  });
});

function podsOf(job: Record<string, unknown>): readonly unknown[] {
  const { spec }: { spec?: { pytorchReplicaSpecs?: Record<string, { template: object }> } } = job;
  return Object.values(spec?.pytorchReplicaSpecs ?? {}).map(({ template }) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    ...template,
  }));
}

describe('the guide of pushes', () => {
  const now = 1_800_000_000;
  const tags = createTagMap(emptyMapping);

  test('has messages that are taken', () => {
    const [example = ''] = codeBlocks(push, 'json');
    const ofShell = [...push.matchAll(/-d '(\{.*\})'/g)].map(([, body = '']) => body);
    expect(ofShell).toHaveLength(2);
    for (const body of [example, ...ofShell]) expect(parsePush(body, now).origin.run).toBe('exp1');
    expect(parsePush(example, now).records).toHaveLength(4);
  });

  test('has all fields of a message and of a record', () => {
    const named = (heading: string) =>
      tableRows(push, heading).flatMap(([cell = '']) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name));
    expect(named('Field |').sort()).toEqual(allowedIn({ run: 'a', records: [], no_field: 1 }));
    expect(named('Field of a record').sort()).toEqual(allowedIn({ run: 'a', records: [{ no_field: 1 }] }));
  });

  /** The names that the refusal of an unknown field lists. */
  function allowedIn(message: object): readonly string[] {
    try {
      parsePush(JSON.stringify(message), now);
    } catch (error) {
      const [, names = ''] = /allowed are (.*)$/.exec(String(error)) ?? [];
      return names.split(', ').sort();
    }
    return [];
  }

  test('has statsd lines that are understood', () => {
    const lines = codeBlocks(push, 'text').flatMap((text) => text.trim().split('\n'));
    const { metrics, problems } = parseStatsd(lines.join('\n'));
    expect(problems).toBe(0);
    expect(metrics.length).toBe(8);
    const { stream } = createFakeStream();
    const totals = { steps: 0, samples: 0, tokens: 0 };
    expect(metrics.filter((metric) => !tellStatsd(metric, { stream, tags, totals, nowSeconds: now }))).toEqual([]);
  });

  test('has the other names of phases as they are', () => {
    const [, sentence = ''] = /call them: (.*?)\. Others/s.exec(push) ?? [];
    const pairs = [...sentence.matchAll(/((?:`\w+`(?:, | and )?)+) (?:become|becomes) `(\w+)`/g)].flatMap(
      ([, names = '', target]) => [...names.matchAll(/`(\w+)`/g)].map(([, name = '']) => [name, target]),
    );
    expect(pairs.length).toBeGreaterThan(10);
    expect(pairs.map(([name = '']) => [name, phaseName(name)])).toEqual(pairs);
  });
});
