import { parseTime } from '../../../kit/api/read-parameters.ts';
import { systemClock } from '../../../kit/clock.ts';
import { ConfigError, SourceError } from '../../../kit/errors.ts';
import type { OptionValues } from '../../../kit/options/define.ts';
import { cut } from '../../../kit/options/preview.ts';
import { createPrometheusApi } from '../../../kit/prometheus-api.ts';
import { alertThemes } from '../../../rules/alerts/index.ts';
import { endWithReader } from '../../api-client/closed-output.ts';
import { createProgressBar, type ProgressBar } from '../../api-client/progress-bar.ts';
import { readSite } from '../../generate/read-site.ts';
import { runCommand } from '../../run-command.ts';
import { safeText } from '../../training-inspect/text/safe-text.ts';
import type { TextStyle } from '../../training-inspect/text/style.ts';
import { styleOf } from '../../training-inspect/training-inspect.ts';
import { makeReport } from './make-report.ts';
import { reportOptions } from './options.ts';
import { csvReport, jsonReport, markdownReport } from './other-forms.ts';
import type { Report } from './report.ts';
import { textReport } from './text-report.ts';
import type { Window } from './window.ts';

type Options = OptionValues<typeof reportOptions.options>;

/** Runs `fleetlens alerts report`. Resolves with 0, 1 if nothing fired or Prometheus does not answer, or 2 for wrong usage. */
export function alertsReport(argv: readonly string[]): Promise<number> {
  if (process.stdout.listenerCount('error') === 0) endWithReader(process.stdout);
  return runCommand(reportOptions, argv, async (options) => {
    const style = styleOf(process.stdout, process.env);
    const progress = createProgressBar({
      clock: systemClock,
      isTerminal: process.stderr.isTTY === true,
      isUnicode: style.isUnicode,
      write: (text) => process.stderr.write(text),
    });
    try {
      const report = await read(options, progress);
      progress.end();
      process.stdout.write(shown(report, options, style));
      return report.rules.some(({ series }) => series > 0) ? 0 : 1;
    } catch (error) {
      progress.end();
      if (!(error instanceof SourceError)) throw error;
      process.stderr.write(`${reportOptions.command}: ${safeText(error.message, style.isUnicode)}\n`);
      return 1;
    }
  });
}

function read(options: Options, progress: ProgressBar): Promise<Report> {
  const token = options['prometheus.token-file'];
  const window = windowOf(options, Date.now());
  const api = createPrometheusApi({
    url: options['prometheus.url'],
    timeoutMs: 120_000,
    ...(token === undefined ? {} : { bearerTokenFile: token }),
  });
  return makeReport(
    {
      window,
      matchers: options.match,
      limits: { flapMs: 1000 * options['flap.window'], shortMs: 1000 * options['short.firing'] },
      site: options.site === undefined ? undefined : readSite(options.site),
      firingsPerWeek: options['firings.per-week'],
      thresholdsFor: options.thresholds,
    },
    {
      api,
      pack: alertThemes.flatMap(({ alerts }) => alerts),
      signal: new AbortController().signal,
      onProgress: progress.show,
    },
  );
}

/** Whole steps that end now at the latest. */
export function windowOf(
  { from, to, range, step }: Pick<Options, 'from' | 'to' | 'range' | 'step'>,
  nowMs: number,
): Window {
  const stepMs = 1000 * step;
  const untilMs = to === undefined ? nowMs : Math.min(nowMs, timeOf('to', to));
  const sinceMs = from === undefined ? untilMs - 1000 * range : timeOf('from', from);
  if (sinceMs >= untilMs) throw new ConfigError('--from must be before --to, and both before now');
  const startMs = Math.ceil(sinceMs / stepMs) * stepMs;
  const endMs = Math.max(startMs, Math.floor(untilMs / stepMs) * stepMs);
  return { startMs, endMs, stepMs };
}

function timeOf(option: string, text: string): number {
  const seconds = parseTime(text);
  if (seconds !== undefined) return seconds * 1000;
  throw new ConfigError(
    `--${option} must be a time such as 2026-03-01, 2026-03-01T08:00:00Z or Unix seconds, got ${cut(text)}`,
  );
}

function shown(report: Report, { output, top }: Options, style: TextStyle): string {
  switch (output) {
    case 'json':
      return jsonReport(report);
    case 'csv':
      return csvReport(report);
    case 'markdown':
      return markdownReport(report, top);
    case 'text':
      return textReport(report, top, style)
        .map((line) => `${line}\n`)
        .join('');
  }
}
