import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { runMain } from '../../support/run-main.ts';
import { madeFiles } from './made-files.ts';

const files = madeFiles();
const few = madeFiles({ gpus: 10, days: 60, rate: 0.03 });
afterAll(() => {
  for (const { folder } of [files, few]) rmSync(folder, { recursive: true });
});

const run = (...argv: readonly string[]) => runMain('prediction', ...argv);
const ofFiles = (command: string, ...argv: readonly string[]) => run(command, ...files.options, ...argv);
const data = `--data=${join(files.folder, 'data')}`;
const models = join(files.folder, 'data', 'models');

describe('before the first training', () => {
  test.each(['score', 'card'])('%s says how to make models', async (command) => {
    const { status, stderr } = await run(command, `--data=${join(files.folder, 'none')}`);
    expect(status).toBe(1);
    expect(stderr).toMatch(/has no models; make them with fleetlens prediction train\n$/);
  });

  test.each(['train', 'evaluate'])('%s says where history could come from', async (command) => {
    const { status, stderr } = await run(command, `--data=${join(files.folder, 'none')}`);
    expect(status).toBe(1);
    expect(stderr).toContain('fleetlens prediction backfill, or name a CSV file with --csv');
  });
});

describe('with models', () => {
  let trained: Awaited<ReturnType<typeof run>>;
  beforeAll(async () => {
    trained = await ofFiles('train');
  });

  test('train tells who answers and why', () => {
    expect(trained.status).toBe(0);
    expect(trained.stdout).toMatch(
      /^The models 2026-\d\d-\d\d-[0-9a-f]{8} are in use, made from \d+ incidents; they are in /,
    );
    expect(trained.stdout).toMatch(/\nAHEAD {2}ANSWERS {6}ROWS {2}FAILED/);
    expect(trained.stdout).toMatch(/7d {5}rate model {2}1,\d\d\d/);
    expect(trained.stdout).toContain('incidents are labelled; a learned model is considered from 100 on.');
    expect(readdirSync(models).sort()).toEqual(['active.json', expect.stringMatching(/^models-.*\.json$/)]);
  });

  test('score lists the likeliest first, as of the newest row', async () => {
    const { status, stdout } = await ofFiles('score', '--limit=3');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^20 GPUs as of 2026-03-31 00:00 UTC, models 2026-/);
    expect(stdout).toContain('and 17 more');
    const { risks } = JSON.parse((await ofFiles('score', '--json')).stdout) as {
      risks: { probability: { '7d': number }; isOut?: boolean }[];
    };
    const inService = risks.filter(({ isOut }) => isOut !== true);
    const week = inService.map(({ probability }) => probability['7d']);
    expect(week).toEqual([...week].sort((a, b) => b - a));
    expect(risks.slice(0, week.length)).toEqual(inService);
    expect(risks).toHaveLength(20);
  });

  test('score tells the node of a GPU, and what happened to it', async () => {
    const { stdout } = await ofFiles('score', '--horizon=24h');
    const [, , , first = ''] = stdout.split('\n');
    expect(first).toMatch(/GPU-\d\d {2}gpu-\d .* rate model {6}recent_failures/);
    // A failure of the day before, of which nobody has said that it is over.
    expect(stdout).toMatch(/ out of service {2}recent_failures/);
  });

  test('explain tells what adds up, and similar incidents', async () => {
    const { risks } = JSON.parse((await ofFiles('score', '--json')).stdout) as {
      risks: { entity: { uuid: string } }[];
    };
    const name = risks[0]?.entity.uuid ?? '';
    const { status, stdout } = await ofFiles('explain', name);
    expect(status).toBe(0);
    expect(stdout).toMatch(new RegExp(`^${name}\nAs of 2026-03-31 00:00 UTC it fails with `));
    expect(stdout).toMatch(/base_rate .*\nrecent_failures /);
    expect(stdout).toMatch(/Past incidents that began like that:|No past incident began like that\./);
  });

  test('explain of one that is not there names one that is', async () => {
    const { status, stdout } = await ofFiles('explain', 'GPU-011');
    expect([status, stdout]).toEqual([1, 'GPU-011 has no row in the last day of the history; did you mean GPU-01?\n']);
    expect((await ofFiles('explain')).status).toBe(2);
    expect((await ofFiles('explain', 'a', 'b')).stderr).toContain('name one GPU by its UUID');
  });

  test('card prints what the models rest on, as Markdown and as JSON', async () => {
    const { status, stdout } = await run('card', data);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^# Model card: rate, 7d ahead\n/);
    expect(stdout).toContain('20 GPUs, 0 nodes');
    const card = JSON.parse((await run('card', data, '--horizon=24h', '--json')).stdout) as {
      model: { horizon: string };
    };
    expect(card.model.horizon).toBe('24h');
    const none = await run('card', data, '--kind=node');
    expect([none.status, none.stdout]).toEqual([1, expect.stringContaining('without a history of nodes')]);
  });

  test('models from a file elsewhere are used, and a damaged file is refused', async () => {
    const [name = ''] = readdirSync(models).filter((each) => each.startsWith('models-'));
    const copy = join(files.folder, 'copy.json');
    writeFileSync(copy, readFileSync(join(models, name)));
    expect((await ofFiles('score', `--models=${copy}`)).status).toBe(0);
    writeFileSync(copy, readFileSync(join(models, name), 'utf8').slice(0, 500));
    const cut = await ofFiles('score', `--models=${copy}`);
    expect([cut.status, cut.stderr]).toEqual([
      1,
      expect.stringContaining('is not used as models: it is no JSON, or cut off'),
    ]);
  });

  test('the models before are used again with --roll-back', async () => {
    const first = readFileSync(join(models, 'active.json'), 'utf8');
    const alone = await run('train', data, '--roll-back');
    expect([alone.status, alone.stderr]).toEqual([1, expect.stringContaining('no set of models before')]);
    expect((await ofFiles('train', '--seed=2', '--json')).status).toBe(0);
    const before = JSON.parse(first) as { current: string };
    const back = await run('train', data, '--roll-back');
    expect(back.stdout).toBe(`The models ${before.current} are in use again.\n`);
    expect(JSON.parse(readFileSync(join(models, 'active.json'), 'utf8'))).toMatchObject(before);
  });
});

describe('evaluate', () => {
  test('compares all that can be tried on the same stretches, with plots', async () => {
    const { status, stdout } = await run('evaluate', ...few.options, '--alerts=3');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^Predictions of 7d, each from what was known before\n[\d,]+ rows judged, /);
    for (const name of ['rate model', 'boosted trees', 'random forest', 'logistic regression'])
      expect(stdout).toContain(`\n${name} `);
    expect(stdout).toMatch(/\n +3 +\d+ % .* of /);
    expect(stdout).toContain('Reliability: the bar is the share that failed');
    expect(stdout).toContain('What it does not know');
    expect(existsSync(join(few.folder, 'data'))).toBe(false);
  }, 60_000);

  test('says that a history is too short', async () => {
    const { status, stdout } = await run('evaluate', ...few.options, '--horizon=30d');
    expect([status, stdout]).toEqual([1, expect.stringContaining('too short to judge predictions of 30d')]);
  }, 60_000);
});

describe('what cannot be used is told in one line', () => {
  test.each<readonly [string, readonly string[], number, string]>([
    ['a file that is not there', ['--csv=/nowhere.csv'], 2, 'train: /nowhere.csv cannot be read'],
    ['tickets that are not there', ['--tickets=/nowhere.csv'], 2, '--tickets: /nowhere.csv cannot be read'],
    ['a column that is not there', ['--csv.entity=gpus'], 2, 'has no column "gpus"'],
    ['a column of text', ['--csv.ignore=temperature'], 1, 'no row that can be used'],
    ['a window that is none', ['--csv.window=ecc:sum:7d'], 2, '--csv.window must be column:statistic:window'],
    ['an option that is none', ['--sed=1'], 2, 'unknown option --sed; did you mean --seed?'],
  ])('%s', async (_, argv, status, message) => {
    const ran = await ofFiles('train', ...argv);
    expect([ran.status, ran.stderr]).toEqual([status, expect.stringContaining(message)]);
    expect(ran.stderr.trimEnd()).not.toContain('\n');
  });

  test('a column that is not there, in a compressed file', async () => {
    const compressed = join(files.folder, 'history.csv.gz');
    writeFileSync(compressed, gzipSync(readFileSync(files.csv)));
    const ran = await ofFiles('train', `--csv=${compressed}`, '--csv.entity=gpus');
    expect(ran.stderr).toContain('history.csv.gz has no column "gpus"; it has ');
  });

  test('a word that is no option', async () => {
    const ran = await ofFiles('train', 'history.csv');
    expect([ran.status, ran.stderr]).toEqual([2, expect.stringContaining('"history.csv" is no option')]);
  });

  test('a column that knows the failures', async () => {
    const tickets = readFileSync(files.tickets, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(','));
    const [head = '', ...rows] = readFileSync(files.csv, 'utf8').trim().split('\n');
    const isAhead = (gpu: string, at: string): boolean =>
      tickets.some(([who, start]) => {
        const ahead = Date.parse(start ?? '') - Date.parse(at);
        return who === gpu && ahead > 0 && ahead <= 7 * 86_400_000;
      });
    const leaky = rows.map((row) => {
      const [gpu = '', , at = ''] = row.split(',');
      return `${row},${isAhead(gpu, at) ? 1 : 0}`;
    });
    const file = join(files.folder, 'leaky.csv');
    writeFileSync(file, `${[`${head},ticket soon`, ...leaky].join('\n')}\n`);
    const ran = await ofFiles('train', `--csv=${file}`);
    expect([ran.status, ran.stderr]).toEqual([2, expect.stringContaining('ticket_soon tells which rows fail')]);
  });

  test('rows and tickets that make no sense are left out and told', async () => {
    const csv = join(files.folder, 'rough.csv');
    const tickets = join(files.folder, 'rough-tickets.csv');
    writeFileSync(csv, `${readFileSync(files.csv, 'utf8')}GPU-00,gpu-0,yesterday,1,1,ok\n`);
    writeFileSync(tickets, `${readFileSync(files.tickets, 'utf8')}GPU-99,2026-02-01,,memory\n`);
    const { status, stdout } = await ofFiles('train', `--csv=${csv}`, `--tickets=${tickets}`);
    expect(status).toBe(0);
    expect(stdout).toMatch(/Left out:\n {2}- 1 rows of .* make no sense/);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('the time "yesterday" is neither');
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('entity is "GPU-99", which is no UUID');
  });
});

test.each(['backfill', 'train', 'evaluate', 'score', 'explain', 'card'])('%s --help has examples', async (command) => {
  const { status, stdout } = await run(command, '--help');
  expect(status).toBe(0);
  expect(stdout).toMatch(new RegExp(`Examples:\n {2}fleetlens prediction ${command}`));
});

test('a training that is interrupted leaves the models in use', async () => {
  await ofFiles('train');
  const before = readFileSync(join(models, 'active.json'), 'utf8');
  const training = ofFiles('train', '--seed=9');
  const asSoonAsListened = setInterval(() => process.listenerCount('SIGINT') > 0 && process.emit('SIGINT'), 0);
  const { status, stderr } = await training.finally(() => clearInterval(asSoonAsListened));
  expect([status, stderr]).toEqual([130, 'fleetlens prediction train: stopped; what was there before is as it was\n']);
  expect(readFileSync(join(models, 'active.json'), 'utf8')).toBe(before);
  expect((await ofFiles('score', '--limit=1')).status).toBe(0);
});
