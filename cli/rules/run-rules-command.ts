import type { OptionSpecs, OptionTable, OptionValues } from '../../kit/options/define.ts';
import type { AlertTheme } from '../../rules/alert.ts';
import { allThemes } from '../../rules/themes.ts';
import { endWithReader } from '../api-client/closed-output.ts';
import { parseProfiles } from '../generate/vendor-jobs.ts';
import { runCommand } from '../run-command.ts';
import { splitCommandLine } from '../training-inspect/command-line.ts';
import type { TextStyle } from '../training-inspect/text/style.ts';
import { styleOf } from '../training-inspect/training-inspect.ts';
import { applyOverrides } from './overrides/apply-overrides.ts';
import { loadOverrides } from './overrides/load-overrides.ts';
import type { Overrides } from './overrides/overrides.ts';

interface PackValues {
  readonly 'rules.overrides': string | undefined;
  readonly 'rules.profiles': readonly string[];
  readonly output: 'text' | 'json';
}

export interface RulesContext<S extends OptionSpecs> {
  readonly options: OptionValues<S>;
  /** Arguments that are no option. */
  readonly words: readonly string[];
  /** The themes of the profiles that are asked for, as the site has them. */
  readonly themes: readonly AlertTheme[];
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
  run: (context: RulesContext<S>) => Outcome,
): Promise<number> {
  if (process.stdout.listenerCount('error') === 0) endWithReader(process.stdout);
  const line = splitCommandLine(argv, table.options);
  return runCommand(table, line.options, async (options) => {
    const values = options as unknown as PackValues;
    const overrides = loadOverrides(values['rules.overrides'], allThemes);
    const wanted = parseProfiles(values['rules.profiles']);
    const themes = applyOverrides(allThemes, overrides).filter(
      ({ profile }) => profile === undefined || wanted.includes(profile),
    );
    const style = styleOf(process.stdout, process.env);
    const { json, lines, status } = run({ options, words: line.paths, themes, overrides, style });
    const text =
      values.output === 'json' ? `${JSON.stringify(json, null, 2)}\n` : lines.map((each) => `${each}\n`).join('');
    await new Promise<void>((resolve) => process.stdout.write(text, () => resolve()));
    return status;
  });
}
