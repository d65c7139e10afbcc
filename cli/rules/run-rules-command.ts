import type { OptionSpecs, OptionTable, OptionValues } from '../../kit/options/define.ts';
import type { AlertTheme } from '../../rules/alert.ts';
import { recordingGroups } from '../../rules/recording/index.ts';
import type { RecordingGroup } from '../../rules/recording.ts';
import { allThemes } from '../../rules/themes.ts';
import { endWithReader } from '../api-client/closed-output.ts';
import { type ObjectiveRules, objectiveRules } from '../generate/slo/objective-rules.ts';
import { readObjectives } from '../generate/slo/read-objectives.ts';
import { parseProfiles } from '../generate/vendor-jobs.ts';
import { runCommand } from '../run-command.ts';
import { splitCommandLine } from '../training-inspect/command-line.ts';
import type { TextStyle } from '../training-inspect/text/style.ts';
import { styleOf } from '../training-inspect/training-inspect.ts';
import { applyOverrides } from './overrides/apply-overrides.ts';
import { loadOverrides } from './overrides/load-overrides.ts';
import { overrideRecordings } from './overrides/override-recordings.ts';
import type { Overrides } from './overrides/overrides.ts';

interface PackValues {
  readonly 'rules.overrides': string | undefined;
  readonly 'slo.file': string | undefined;
  readonly 'rules.profiles': readonly string[];
  readonly output: 'text' | 'json';
}

export interface RulesContext<S extends OptionSpecs> {
  readonly options: OptionValues<S>;
  /** Arguments that are no option. */
  readonly words: readonly string[];
  /** The themes of the profiles that are asked for, as the site has them; those of objectives of the user last. */
  readonly themes: readonly AlertTheme[];
  /** Our recordings, as the site has them. */
  readonly recordings: readonly RecordingGroup[];
  /** What is made of the objectives of the user. */
  readonly objectives: readonly ObjectiveRules[];
  readonly overrides: Overrides;
  readonly style: TextStyle;
}

export interface Outcome {
  readonly json: unknown;
  readonly lines: readonly string[];
  readonly status: 0 | 1;
}

/** Runs a command about the rules. Resolves with the exit status. */
export function runRulesCommand<S extends OptionSpecs>(
  table: OptionTable<S>,
  argv: readonly string[],
  run: (context: RulesContext<S>) => Outcome | Promise<Outcome>,
): Promise<number> {
  if (process.stdout.listenerCount('error') === 0) endWithReader(process.stdout);
  const line = splitCommandLine(argv, table.options);
  return runCommand(table, line.options, async (options) => {
    const values = options as unknown as PackValues;
    const user = readObjectives(values['slo.file']);
    const overrides = loadOverrides(values['rules.overrides'], user);
    const wanted = parseProfiles(values['rules.profiles']);
    const ours = applyOverrides(allThemes, overrides).filter(
      ({ profile }) => profile === undefined || wanted.includes(profile),
    );
    const objectives = (user?.slos ?? []).map((slo) => objectiveRules(slo, overrides));
    const { json, lines, status } = await run({
      options,
      words: line.paths,
      themes: [...ours, ...objectives.flatMap(({ themes }) => themes)],
      recordings: recordingGroups.map((group) => overrideRecordings(group, overrides)),
      objectives,
      overrides,
      style: styleOf(process.stdout, process.env),
    });
    const text =
      values.output === 'json' ? `${JSON.stringify(json, null, 2)}\n` : lines.map((each) => `${each}\n`).join('');
    await new Promise<void>((resolve) => process.stdout.write(text, () => resolve()));
    return status;
  });
}
