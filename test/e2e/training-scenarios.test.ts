import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toYaml } from '../../cli/generate/yaml.ts';
import { applyChanges } from '../../cli/simulate/training/apply-changes.ts';
import type { RunEvent } from '../../cli/simulate/training/run-model.ts';
import { createRunPlay } from '../../cli/simulate/training/run-play.ts';
import { type RunTruth, truthOf } from '../../cli/simulate/training/run-truth.ts';
import { runFolderName, type SimulatedRun, simulatedRuns } from '../../cli/simulate/training/simulated-run.ts';
import { trainingCollectors } from '../../exporters/training/collectors/index.ts';
import { trainingOptions } from '../../exporters/training/options.ts';
import { createRunBook } from '../../exporters/training/runs/run-book.ts';
import { createTagMap } from '../../exporters/training/schema/create-tag-map.ts';
import { emptyMapping } from '../../exporters/training/schema/mapping.ts';
import { createSourceLedger } from '../../exporters/training/source-ledger.ts';
import { fileSourceSettings } from '../../exporters/training/sources/files/file-source-settings.ts';
import { startFileSources } from '../../exporters/training/sources/files/file-sources.ts';
import { decoders, tellState } from '../../exporters/training/sources/files/training-files.ts';
import { createLog } from '../../kit/log.ts';
import { parseOptions } from '../../kit/options/parse.ts';
import { collectTraining } from '../support/collect-training.ts';
import { tool } from '../support/tools.ts';

// Simulated runs write real files, second by second of a clock that a test holds; the exporter follows them and is scraped every 15 s. What
// it showed goes through the engine of a real Prometheus with the rules as they ship.

const ruleFolder = join(import.meta.dirname, '..', '..', 'rules', 'generated', 'prometheus');
const scrapeSeconds = 15;
const fleet = { seed: 1, nodes: 1, gpus: 8 } as const;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fleetlens-scenario-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Values by series, one for each scrape; undefined where it was not there. */
type Scraped = ReadonlyMap<string, readonly (string | undefined)[]>;

interface Played {
  readonly scraped: Scraped;
  readonly scrapes: number;
  /** Label `run` of the struck run, and what happened to it. */
  readonly struck: string;
  readonly truth: RunTruth;
}

async function play(scenario: string, minutes: number): Promise<Played> {
  const runs = simulatedRuns({ ...fleet, scenario });
  const time = { now: 0 };
  const clock = { now: () => time.now, monotonic: () => time.now };
  const ledger = createSourceLedger();
  const book = createRunBook(
    { maxRuns: 100, idleSeconds: 3600, retentionSeconds: 600, maxScalars: 10, maxRanks: 100 },
    { clock, ledger, modelOf: () => undefined },
  );
  const options = parseOptions(trainingOptions, { argv: [`--runs.paths=${folder}/*`], env: {}, readFile: () => '' });
  const files = startFileSources(fileSourceSettings(options, { workingFolder: folder, hostName: 'exporter' }), {
    journal: book,
    tags: createTagMap(emptyMapping),
    ledger,
    clock,
    log: createLog({ level: 'error', format: 'logfmt', daemon: 'test', write: () => {} }),
    decoders,
    tellTrainerState: tellState,
  });
  const plays = runs.map((run) => ({
    run,
    play: createRunPlay(run, 0),
    folder: join(folder, runFolderName(run)),
    events: [] as RunEvent[],
  }));
  const scraped = new Map<string, (string | undefined)[]>();
  const scrapes = (minutes * 60) / scrapeSeconds + 1;
  for (let scrape = 0; scrape < scrapes; scrape++) {
    // Polled more often than scraped, as the exporter does.
    for (let part = 1; part <= 3; part++) {
      time.now = scrape * scrapeSeconds - scrapeSeconds + part * 5;
      for (const each of plays) {
        const { changes, events } = each.play.advance(Math.max(0, time.now));
        each.events.push(...events);
        await applyChanges(each.folder, changes);
      }
      await files.poll();
      book.expire();
    }
    const view = { runs: book.shown(), sources: ledger.counts(), nowSeconds: time.now, shownRanks: 8 };
    for (const collector of trainingCollectors) take(await collectTraining(collector, view), scrape, scraped);
  }
  await files.stop();
  const labels = book.shown().map((shown) => shown.labels.run);
  expect(labels).toHaveLength(runs.length);
  const [first] = plays;
  if (first === undefined) throw new Error('the fleet trains nothing');
  return { scraped, scrapes, struck: labelOf(first.run, labels), truth: truthOf(first.run, first.events) };
}

function labelOf(run: SimulatedRun, labels: readonly string[]): string {
  const found = labels.find((label) => label.includes(run.podName));
  if (found === undefined) throw new Error(`${run.podName} is not shown, only ${labels.join(', ')}`);
  return found;
}

function take(exposition: string, scrape: number, scraped: Map<string, (string | undefined)[]>): void {
  for (const line of exposition.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const split = line.lastIndexOf(' ');
    const values = scraped.get(line.slice(0, split)) ?? [];
    values[scrape] = line.slice(split + 1);
    scraped.set(line.slice(0, split), values);
  }
}

/** `alertname run` of every training alert that fires at that minute. */
function firing(
  { scraped, scrapes }: Played,
  atMinutes: readonly number[],
  expected: (minute: number) => readonly string[],
): void {
  const test = {
    rule_files: readdirSync(ruleFolder)
      .filter((name) => name.startsWith('training'))
      .map((name) => join(ruleFolder, name)),
    evaluation_interval: `${scrapeSeconds}s`,
    tests: [
      {
        interval: `${scrapeSeconds}s`,
        input_series: [...scraped].map(([series, values]) => ({
          series: withTarget(series),
          values: Array.from({ length: scrapes }, (_, index) => values[index] ?? '_').join(' '),
        })),
        promql_expr_test: atMinutes.map((minute) => ({
          expr: 'count by (alertname, run) (ALERTS{alertstate="firing", domain="training"})',
          eval_time: `${minute}m`,
          exp_samples: expected(minute).map((each) => {
            const [alertname = '', run = ''] = each.split(' ');
            return { labels: `{alertname="${alertname}", run="${run}"}`, value: 1 };
          }),
        })),
      },
    ],
  };
  const file = join(folder, 'scenario.test.yaml');
  writeFileSync(file, toYaml(test, 'a test'));
  execFileSync(tool('promtool'), ['test', 'rules', file], { encoding: 'utf8', stdio: 'pipe' });
}

function withTarget(series: string): string {
  const target = 'cluster="c1",node="n1",job="fleetlens-training",instance="n1:9410"';
  return series.includes('{') ? series.replace('{', `{${target},`) : `${series}{${target}}`;
}

function everyMinute(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/** What the last scrape showed of the struck run; undefined if the series was not there. */
function last({ scraped, struck, scrapes }: Played, name: string, ...labels: readonly string[]): number | undefined {
  const parts = [`run="${struck}"`, ...labels];
  const found = [...scraped].find(
    ([series]) => series.startsWith(`${name}{`) && parts.every((part) => series.includes(part)),
  );
  const value = found?.[1][scrapes - 1];
  return value === undefined ? undefined : Number(value);
}

test('nothing fires while all runs are well, and what is shown is what happened', async () => {
  const played = await play('healthy', 40);
  firing(played, everyMinute(1, 40), () => []);
  const { truth } = played;
  expect(truth.steps - (last(played, 'training_steps_total') ?? 0)).toBeLessThanOrEqual(10 * truth.reportEvery);
  expect(last(played, 'training_checkpoints_total')).toBe(truth.checkpoints);
  expect(last(played, 'training_max_steps')).toBe(truth.maxSteps);
  const productive = (last(played, 'training_productive_seconds_total') ?? 0) / truth.productiveSeconds;
  expect(productive).toBeGreaterThan(0.97);
  expect(productive).toBeLessThan(1.01);
});

test('a loss that is no number is told within two minutes, and of that run only', async () => {
  const played = await play('training-nan', 10);
  firing(played, everyMinute(2, 10), () => [`TrainingLossNonFinite ${played.struck}`]);
  expect(last(played, 'training_nonfinite_steps_total')).toBeGreaterThan(0.95 * played.truth.nanSteps);
  expect(last(played, 'training_loss')).toBeUndefined();
});

test('a run that stalls is told', async () => {
  const played = await play('training-stall', 15);
  firing(played, [1, 2, 3], () => []);
  firing(played, everyMinute(5, 15), () => [`TrainingStalled ${played.struck}`]);
  const late = (last(played, 'training_last_step_timestamp_seconds') ?? 0) - (played.truth.lastStepSecond ?? 0);
  expect(late).toBeGreaterThanOrEqual(-5);
  expect(late).toBeLessThanOrEqual(5);
});

test('a rank that holds up the others is named', async () => {
  const played = await play('straggler', 20);
  firing(played, everyMinute(1, 5), () => []);
  firing(played, everyMinute(12, 20), () => [`TrainingStraggler ${played.struck}`]);
  const ofRank = `rank="${played.truth.stragglerRank}"`;
  const score = last(played, 'training_rank_relative_score_ratio', ofRank, 'phase="forward_backward"');
  expect(score).toBeLessThan(0.7);
});

test('a run that goes back to its last checkpoint is told, with what that cost', async () => {
  const played = await play('rollback', 30);
  firing(played, everyMinute(3, 10), () => [`TrainingRolledBack ${played.struck}`]);
  firing(played, everyMinute(25, 30), () => []);
  const { truth } = played;
  expect(last(played, 'training_rollbacks_total')).toBe(1);
  expect(last(played, 'training_restarts_total')).toBe(1);
  expect(Math.abs((last(played, 'training_wasted_steps_total') ?? 0) - truth.wastedSteps)).toBeLessThanOrEqual(
    truth.reportEvery,
  );
  const wasted = last(played, 'training_badput_seconds_total', 'reason="wasted_progress"') ?? 0;
  expect(Math.abs(wasted - truth.wastedSeconds)).toBeLessThan(2);
});
