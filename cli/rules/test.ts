import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../kit/clock.ts';
import { didYouMean } from '../../kit/config-values.ts';
import { ConfigError } from '../../kit/errors.ts';
import { wrap } from '../../kit/wrap.ts';
import type { AlertTheme } from '../../rules/alert.ts';
import { recordingFile } from '../../rules/render/prometheus.ts';
import { createProgressBar, type ProgressBar } from '../api-client/progress-bar.ts';
import { counted } from '../doctor/counted.ts';
import type { TextStyle } from '../training-inspect/text/style.ts';
import { testOptions } from './options.ts';
import { type RulesContext, runRulesCommand } from './run-rules-command.ts';
import { promtoolIn } from './test/promtool.ts';
import { evaluationsOf, type Problem, tryRules } from './test/try-rules.ts';

const secondsPerLine = 5;

/** Runs `fleetlens rules test`. */
export function test(argv: readonly string[]): Promise<number> {
  return runRulesCommand(testOptions, argv, async (context) => {
    const themes = named(context.words, context.themes);
    const problems = await problemsOf(themes, context);
    const failures = problems.filter(({ kind }) => kind !== 'changed_by_override').length;
    const alerts = themes.reduce((sum, theme) => sum + theme.alerts.length, 0);
    const last = `${counted(alerts, 'alert')} with their examples: ${counted(failures, 'failure')}, ${problems.length - failures} changed by your overrides`;
    return {
      json: { alerts, problems },
      lines: [...problems.flatMap((problem) => problemLines(problem, context.style)), last],
      status: failures > 0 ? 1 : 0,
    };
  });
}

type Context = Pick<RulesContext<typeof testOptions.options>, 'options' | 'recordings' | 'objectives' | 'style'>;

async function problemsOf(
  themes: readonly AlertTheme[],
  { options, recordings: ours, objectives, style }: Context,
): Promise<readonly Problem[]> {
  const recordings = [...ours, ...objectives.map((each) => each.recordings)];
  const folder = mkdtempSync(join(tmpdir(), 'fleetlens-rules-test-'));
  const progress = progressOn(process.stderr, style);
  const total = themes.flatMap(({ alerts }) => alerts).reduce((sum, alert) => sum + evaluationsOf(alert), 0);
  let done = 0;
  const show = (): void => progress.show(done, total, 'evaluations');
  show();
  try {
    return await tryRules(
      recordings.map((group) => ({ name: `${group.group}.yaml`, file: recordingFile(group) })),
      themes,
      {
        promtool: promtoolIn(folder, options['promtool.bin'] ?? 'promtool'),
        processes: availableParallelism(),
        onTried: (alert) => {
          done += evaluationsOf(alert);
          show();
        },
      },
    );
  } finally {
    progress.end();
    rmSync(folder, { recursive: true });
  }
}

function progressOn(output: NodeJS.WriteStream, { isUnicode }: TextStyle): ProgressBar {
  return createProgressBar({
    clock: systemClock,
    isTerminal: output.isTTY === true,
    isUnicode,
    secondsPerLine,
    write: (text) => output.write(text),
  });
}

/** The themes with only these alerts; all of them where none is named. */
function named(words: readonly string[], themes: readonly AlertTheme[]): readonly AlertTheme[] {
  if (words.length === 0) return themes;
  const known = themes.flatMap(({ alerts }) => alerts.map(({ name }) => name as string));
  const unknown = words.find((word) => !known.includes(word));
  if (unknown !== undefined) throw new ConfigError(`there is no alert ${unknown}${didYouMean(unknown, known)}`);
  return themes
    .map((theme) => ({ ...theme, alerts: theme.alerts.filter(({ name }) => words.includes(name)) }))
    .filter(({ alerts }) => alerts.length > 0);
}

function problemLines({ alert, kind, message }: Problem, { width }: TextStyle): readonly string[] {
  return [
    `${kind === 'changed_by_override' ? 'changed' : 'FAILED '} ${alert}`,
    ...message.split('\n').flatMap((line) => wrap(line, { indent: '        ', width })),
  ];
}
