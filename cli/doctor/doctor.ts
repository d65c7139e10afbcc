import { readFileSync } from 'node:fs';
import { timer } from '../../kit/timer.ts';
import { runCommand } from '../run-command.ts';
import { checks } from './checks/index.ts';
import type { DriverExam } from './driver-exam.ts';
import { endAtOnce } from './end-at-once.ts';
import { examineDriver } from './examine-driver.ts';
import { findContainer, type Machine, runtimeOf } from './machine.ts';
import { type DoctorOptions, doctorOptions } from './options.ts';
import { jsonReport } from './report/json.ts';
import { summarise } from './report/summary.ts';
import { textReport } from './report/text.ts';
import { runChecks } from './run-checks.ts';

/** What a file or a server may take; the driver may take longer. */
const mostPatienceSeconds = 5;
/** Nobody should wonder for longer why nothing is printed. */
const newsSeconds = 3;
const widths = { most: 120, least: 60, ofFile: 100 } as const;

/** Runs `fleetlens doctor gpu`. Resolves with 0, 1 if something is missing or broken, or 2 for bad options. */
export function doctor(argv: readonly string[]): Promise<number> {
  return runCommand(doctorOptions, argv, async (options) => {
    const runtime = runtimeOf(process);
    const machine = machineOf(options, runtime, await askDriver(options));
    const { results, isStuck } = await runChecks(checks, machine, machine.patienceSeconds + 1);
    await print(options.json ? jsonReport(results) : textReport(results, styleOf(process.stdout)));
    const status = summarise(results).failures > 0 ? 1 : 0;
    if (isStuck) await endAtOnce(status);
    return status;
  });
}

async function askDriver(options: DoctorOptions): Promise<DriverExam> {
  const { source, timeout } = options;
  if (source !== 'nvml') return { kind: 'not_asked', reason: `--source=${source} does not use the driver` };
  const untilNews = timer();
  untilNews.set(newsSeconds, () => process.stderr.write(`${doctorOptions.command}: waiting for the driver\n`));
  const exam = await examineDriver({ libraries: options['nvml.library'], stepSeconds: timeout });
  untilNews.clear();
  return exam;
}

function machineOf(options: DoctorOptions, runtime: Machine['runtime'], driver: DriverExam): Machine {
  return {
    options,
    env: process.env,
    readFile: (path) => readFileSync(path, 'utf8'),
    runtime,
    container: findContainer(process.env, { root: '/', ownCgroupFile: '/proc/self/cgroup' }),
    driver,
    dev: '/dev',
    ownStatusFile: '/proc/self/status',
    userId: process.geteuid?.(),
    patienceSeconds: Math.min(options.timeout, mostPatienceSeconds),
  };
}

function print(text: string): Promise<void> {
  return new Promise((resolve) => process.stdout.write(text, () => resolve()));
}

function styleOf({ isTTY, columns = widths.ofFile }: NodeJS.WriteStream): Parameters<typeof textReport>[1] {
  const width = Math.max(widths.least, Math.min(columns, widths.most));
  return { width, colour: isTTY === true && (process.env['NO_COLOR'] ?? '') === '' };
}
