import { alertThemes } from '../rules/alerts/index.ts';
import { essentialKinds, kinds } from '../test/rules/mutation/edit.ts';
import { mutantsOf } from '../test/rules/mutation/mutants.ts';
import { inWords, scoresBy } from '../test/rules/mutation/score.ts';
import { type Verdict, verdictsOf } from '../test/rules/mutation/verdicts.ts';
import { ruleFolder } from '../test/rules/rule-files.ts';

/**
 * `npx tsx scripts/mutate-rules.ts [--essential] [THEME|ALERT…]`: breaks each alert in every way that `test/rules/mutation` knows,
 * runs its examples, and prints the breaks that none of them noticed, and the score.
 */
const args = process.argv.slice(2);
const isEssential = args.includes('--essential');
const names = args.filter((arg) => arg !== '--essential');

process.exitCode = main();

function main(): number {
  const known = alertThemes.flatMap(({ theme, alerts }) => [theme, ...alerts.map(({ name }) => name)]);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    console.error(`no theme or alert ${unknown.join(', ')}; \`fleetlens generate rules\` and rules/alerts/ have them`);
    return 2;
  }
  const verdicts = run();
  const themes = new Map(alertThemes.flatMap(({ theme, alerts }) => alerts.map(({ name }) => [name, theme])));
  print(
    'theme',
    scoresBy(verdicts, ({ alert }) => themes.get(alert.name) ?? ''),
  );
  const byKind = scoresBy(verdicts, ({ mutant }) => mutant.kind);
  print('kind', new Map([...byKind].sort(([a], [b]) => position(a) - position(b))));
  print(
    'all',
    scoresBy(verdicts, ({ mutant }) =>
      position(mutant.kind) < essentialKinds.length ? 'the first three' : 'the rest',
    ),
  );
  return 0;
}

function run(): readonly Verdict[] {
  const folder = ruleFolder();
  const verdicts: Verdict[] = [];
  for (const { theme, alerts } of alertThemes) {
    for (const alert of alerts.filter(
      ({ name }) => names.length === 0 || names.includes(theme) || names.includes(name),
    )) {
      const mutants = mutantsOf(alert).filter(({ kind }) => !isEssential || essentialKinds.includes(kind));
      const own = verdictsOf(folder, [{ alert, mutants }]);
      const survivors = own.filter(({ outcome }) => outcome === 'survived');
      console.log(`${alert.name}: ${survivors.length} of ${own.length} mutants survive`);
      for (const { mutant } of survivors) console.log(`  ${mutant.kind}: ${mutant.change}`);
      verdicts.push(...own);
    }
  }
  folder.remove();
  return verdicts;
}

function position(kind: string): number {
  return kinds.indexOf(kind as (typeof kinds)[number]);
}

function print(title: string, scores: ReturnType<typeof scoresBy>): void {
  console.log(`\nKilled by ${title}:`);
  for (const [name, score] of scores) console.log(`  ${name.padEnd(24)} ${inWords(score)}`);
}
