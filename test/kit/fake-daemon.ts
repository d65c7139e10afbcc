import { systemClock } from '../../kit/clock.ts';
import {
  type DaemonDefinition,
  type DaemonTiming,
  type RunningDaemon,
  type Service,
  startDaemon,
} from '../../kit/daemon.ts';
import { daemonOptions } from '../../kit/daemon-options.ts';
import { createSampleWriter, type Family } from '../../kit/exposition/samples.ts';
import { createLog } from '../../kit/log.ts';
import { defineOptions, type OptionValues } from '../../kit/options/define.ts';
import { defineMetrics } from '../../metrics/define.ts';

export const fakeMetrics = defineMetrics('fake', {
  fake_reads_total: { kind: 'counter', unit: 'none', help: 'Reads.', labels: [] },
});

const table = defineOptions({
  command: 'fleetlens fake',
  about: 'Counts its <reads> & "nothing" else.',
  options: {
    ...daemonOptions(9499),
    'fake.limit': { type: 'integer', default: 1, min: 0, max: 100, help: 'Changes on SIGHUP.', reloadable: true },
    'fake.size': { type: 'integer', default: 1, min: 0, max: 100, help: 'Needs a restart.' },
  },
});
type FakeOptions = typeof table.options;

export interface FakeDaemon extends RunningDaemon {
  /** How often the service was asked for its samples. */
  readonly renders: () => number;
  readonly limits: readonly number[];
  readonly isServiceStopped: () => boolean;
  /** What was logged, oldest first. */
  readonly logged: () => readonly Readonly<Record<string, unknown>>[];
}

interface Settings extends Partial<Service<FakeOptions>> {
  /** Beside a listen address on a free port of loopback. */
  readonly argv?: readonly string[];
  readonly readFile?: (path: string) => string;
  readonly timing?: Partial<DaemonTiming>;
}

const running: RunningDaemon[] = [];
/** Services that were started, with or without a daemon that came up. */
export const services = { started: 0, stopped: 0 };

/** A real daemon around a fake service that counts how often it is asked. */
export async function startFakeDaemon(settings: Settings = {}): Promise<FakeDaemon> {
  const { argv = [], readFile = noFile, timing = {}, ...service } = settings;
  const lines: string[] = [];
  const limits: number[] = [];
  let renders = 0;
  let isStopped = false;
  const definition: DaemonDefinition<FakeOptions> = {
    name: 'fake',
    table,
    metrics: [fakeMetrics],
    start: async () => {
      services.started++;
      return {
        notReady: () => undefined,
        reload: (options: OptionValues<FakeOptions>) => void limits.push(options['fake.limit']),
        ...service,
        families: (signal) => {
          renders++;
          return service.families?.(signal) ?? readsFamilies(renders);
        },
        stop: async () => {
          services.stopped++;
          isStopped = true;
        },
      };
    },
  };
  const daemon = await startDaemon(definition, {
    sources: { argv: ['--web.listen-address=127.0.0.1:0', ...argv], env: {}, readFile },
    log: createLog({ level: 'info', format: 'json', daemon: 'fake', write: (line) => void lines.push(line) }),
    clock: systemClock,
    timing: { closeGraceMs: 100, ...timing },
  });
  running.push(daemon);
  return {
    ...daemon,
    renders: () => renders,
    limits,
    isServiceStopped: () => isStopped,
    logged: () => lines.map((line): Readonly<Record<string, unknown>> => JSON.parse(line)),
  };
}

/** For afterEach: no daemon outlives its test. */
export async function stopFakeDaemons(): Promise<void> {
  await Promise.all(running.splice(0).map((daemon) => daemon.stop()));
}

export function readsFamilies(reads: number): readonly Family[] {
  const { emit, families } = createSampleWriter(fakeMetrics);
  emit('fake_reads_total', {}, reads);
  return families();
}

/** So much text that no socket takes it without a reader. */
export function hugeFamilies(): readonly Family[] {
  const lines = Array.from(
    { length: 400_000 },
    (_, index) => `fake_huge{kind="${String(index).padStart(70, '0')}"} 1\n`,
  );
  return [{ name: 'fake_huge', kind: 'gauge', unit: 'none', help: 'Much.', lines }];
}

function noFile(path: string): string {
  throw new Error(`there is no file ${path}`);
}
