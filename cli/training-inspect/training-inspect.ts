import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { diskFileSystem } from '../../exporters/training/sources/files/file-system.ts';
import { procFiles } from '../../exporters/training/sources/files/proc-file.ts';
import { systemClock } from '../../kit/clock.ts';
import { runCommand } from '../run-command.ts';
import { pathOf, splitCommandLine } from './command-line.ts';
import { inspectPath } from './inspect-path.ts';
import { jsonReport } from './json-report.ts';
import { inspectOptions } from './options.ts';
import { createProgressLine } from './progress.ts';
import type { TextStyle } from './text/style.ts';
import { textReport } from './text/text-report.ts';

const widths = { most: 120, least: 60, ofFile: 100 } as const;

/** Runs `fleetlens training inspect`. Resolves with 0, 1 if nothing of a training was found, or 2 for bad options. */
export function trainingInspect(argv: readonly string[]): Promise<number> {
  const line = splitCommandLine(argv, inspectOptions.options);
  return runCommand(inspectOptions, line.options, async (options) => {
    const { stderr, stdout } = process;
    const report = await inspectPath(pathOf(line), options, {
      clock: systemClock,
      fs: diskFileSystem,
      procFiles,
      hostName: hostname(),
      workingFolder: process.cwd(),
      readFile: (path) => readFileSync(path, 'utf8'),
      progress: createProgressLine({
        clock: systemClock,
        isTerminal: stderr.isTTY === true,
        write: (text) => stderr.write(text),
      }),
    });
    await print(options.json ? jsonReport(report) : textReport(report, styleOf(stdout, process.env)));
    return report.runs.length > 0 ? 0 : 1;
  });
}

function print(text: string): Promise<void> {
  return new Promise((resolve) => process.stdout.write(text, () => resolve()));
}

type Env = Readonly<Record<string, string | undefined>>;

export function styleOf(
  { isTTY, columns = widths.ofFile }: Pick<NodeJS.WriteStream, 'isTTY' | 'columns'>,
  env: Env,
): TextStyle {
  return {
    width: Math.max(widths.least, Math.min(columns, widths.most)),
    colour: isTTY === true && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb',
    isUnicode: isUtf8(env),
  };
}

/** By POSIX the first of these that is set decides. */
function isUtf8(env: Env): boolean {
  const locale = ['LC_ALL', 'LC_CTYPE', 'LANG']
    .map((name) => env[name])
    .find((value) => value !== undefined && value !== '');
  return /utf-?8/i.test(locale ?? '');
}
