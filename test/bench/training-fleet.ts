import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type RunningDaemon, sampleValue, scrape, startDaemonProcess } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { encodeEvent, eventFile, versionEvent } from '../support/tfevents-writer.ts';
import { type Bench, quantile, type Row, row } from './bench.ts';
import { cpuSeconds, pssMebibytes, scrapeTimesMs, seriesCount } from './exporter-process.ts';

const name = 'training-fleet';
const runs = 500;
const stepsBefore = 2000;
const pollSeconds = 1;
const restSeconds = 60;
const delays = 20;
const scrapes = 100;

/** There is nothing that a user could run instead: TensorBoard serves no metrics, and a client library lives in each loop. */
export const trainingFleet: Bench = {
  name,
  about: `the training exporter with ${runs} runs that write a step a second into event files, as its own process, polled every ${pollSeconds} s`,
  run: async (progress) => {
    const folder = mkdtempSync(join(tmpdir(), 'fleetlens-fleet-'));
    const fleet = createFleet(folder);
    let daemon: RunningDaemon | undefined;
    try {
      progress(`writing ${stepsBefore} steps of ${runs} runs`);
      fleet.begin();
      const writer = setInterval(fleet.step, 1000);
      try {
        const started = performance.now();
        daemon = await startDaemonProcess([
          'training',
          `--runs.paths=${folder}/*`,
          '--no-push.udp',
          `--files.poll-interval=${pollSeconds}s`,
        ]);
        await eventually('all runs', async () => ((await shownRuns(daemon)) === runs ? true : undefined));
        const caughtUp = (performance.now() - started) / 1000;
        return [figure('all runs are shown after start', 's', [caughtUp]), ...(await measure(daemon, fleet, progress))];
      } finally {
        clearInterval(writer);
      }
    } finally {
      await daemon?.child.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

interface Fleet {
  readonly begin: () => void;
  readonly step: () => void;
  /** Writes one step of a run that nobody else writes; returns its series and its value. */
  readonly probe: () => readonly [series: string, value: number];
}

function createFleet(folder: string): Fleet {
  const files = Array.from({ length: runs }, (_, run) => join(folder, `run-${run}`, 'events.out.tfevents.1.host.1.0'));
  const [probed = '', ...others] = files;
  const began = Date.now() / 1000;
  let step = stepsBefore;
  let probedStep = stepsBefore;
  return {
    begin: () => {
      const records = Array.from({ length: stepsBefore }, (_, index) =>
        stepOf(index + 1, began - stepsBefore + index + 1),
      );
      const text = eventFile([versionEvent(), ...records]);
      for (const file of files) {
        mkdirSync(join(file, '..'));
        appendFileSync(file, text);
      }
    },
    step: () => {
      step++;
      const record = eventFile([stepOf(step, Date.now() / 1000)]);
      for (const file of others) appendFileSync(file, record);
    },
    probe: () => {
      probedStep++;
      appendFileSync(probed, eventFile([stepOf(probedStep, Date.now() / 1000)]));
      return ['training_step{run="run-0",job_id="",framework="unknown"}', probedStep];
    },
  };
}

function stepOf(step: number, wallTime: number): Uint8Array {
  return encodeEvent({
    wallTime,
    step,
    values: [
      { tag: 'train/loss', value: 2 + 10 / step },
      { tag: 'train/learning_rate', value: 1e-4 },
      { tag: 'train/grad_norm', value: 1 },
    ],
  });
}

async function measure(daemon: RunningDaemon, fleet: Fleet, progress: (step: string) => void): Promise<readonly Row[]> {
  progress(`${restSeconds} s of polling, scraped every 15 s`);
  const [cpuBefore, started] = [cpuSeconds(daemon), performance.now()];
  const whilePolling = await scrapeTimesMs(daemon, restSeconds / 15, 15_000);
  const share = (cpuSeconds(daemon) - cpuBefore) / ((performance.now() - started) / 1000);
  progress(`${delays} steps from the write to /metrics`);
  const seen: number[] = [];
  for (let index = 0; index < delays; index++) seen.push(await delaySeconds(daemon, fleet));
  progress(`${scrapes} scrapes`);
  const times = await scrapeTimesMs(daemon, scrapes);
  return [
    figure('CPU, with a scrape every 15 s', '% of a core', [share * 100]),
    figure('from the write of a step to /metrics, slowest', 's', [Math.max(...seen)]),
    figure('scrape p50', 'ms', [quantile([...times, ...whilePolling], 0.5)]),
    figure('scrape p99', 'ms', [quantile([...times, ...whilePolling], 0.99)]),
    figure('series', '', [await seriesCount(daemon)]),
    figure('PSS', 'MiB', [pssMebibytes(daemon)]),
  ];
}

/** At another moment of the poll each time. */
async function delaySeconds(daemon: RunningDaemon, fleet: Fleet): Promise<number> {
  await sleep(1370);
  const written = performance.now();
  const [series, value] = fleet.probe();
  await eventually('the step', async () =>
    sampleValue(await scrape(daemon.url), series) === value ? true : undefined,
  );
  return (performance.now() - written) / 1000;
}

async function shownRuns(daemon: RunningDaemon | undefined): Promise<number | undefined> {
  return daemon === undefined ? undefined : sampleValue(await scrape(daemon.url), 'training_runs');
}

function figure(what: string, unit: string, values: readonly number[]): Row {
  return row({ bench: name, name: what, unit, runs: values });
}
