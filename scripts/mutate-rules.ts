import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Alert } from '../rules/alert.ts';
import { alertThemes } from '../rules/alerts/index.ts';
import { profileThemes } from '../rules/profiles/index.ts';
import { keyOf } from '../test/rules/alert-key.ts';
import { essentialKinds, kinds } from '../test/rules/mutation/edit.ts';
import { type Mutant, mutantsOf } from '../test/rules/mutation/mutants.ts';
import { inWords, scoresBy } from '../test/rules/mutation/score.ts';
import { scoreTables } from '../test/rules/mutation/score-table.ts';
import { suggestionFor } from '../test/rules/mutation/suggestions.ts';
import { type Verdict, verdictsOf } from '../test/rules/mutation/verdicts.ts';
import { ruleFolder } from '../test/rules/rule-files.ts';

/**
 * `npx tsx scripts/mutate-rules.ts [--essential] [--suggest] [--write] [THEME|ALERT…]`: breaks each alert in every way that
 * `test/rules/mutation` knows, runs its situations, and prints the breaks that none of them noticed, and the score. With `--suggest`
 * it prints variations of the examples that notice them, for test/rules/variation-table.ts; with `--write` it puts the score into
 * docs/guides/alert-tests.md.
 */
const args = process.argv.slice(2);
const isEssential = args.includes('--essential');
const suggests = args.includes('--suggest');
const names = args.filter((arg) => !arg.startsWith('--'));
const themes = [...alertThemes, ...profileThemes];
const folder = ruleFolder();
const guide = join(import.meta.dirname, '../docs/guides/alert-tests.md');
const measured = '<!-- Measured by "npx tsx scripts/mutate-rules.ts --write". -->';

process.exitCode = main();
folder.remove();

function main(): number {
  const known = themes.flatMap(({ theme, alerts }) => [theme, ...alerts.map(keyOf)]);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    console.error(`no theme or alert ${unknown.join(', ')}; rules/alerts/ and rules/profiles/ have them`);
    return 2;
  }
  const verdicts: readonly Verdict[] = themes.flatMap(({ theme, alerts }) =>
    alerts
      .filter(({ name }) => names.length === 0 || names.includes(theme) || names.includes(name))
      .flatMap(verdictsOn),
  );
  const themeOf = new Map(themes.flatMap(({ theme, alerts }) => alerts.map((alert) => [alert, theme])));
  print('theme', verdicts, ({ alert }) => themeOf.get(alert) ?? '');
  print(
    'kind',
    verdicts.toSorted((a, b) => position(a) - position(b)),
    ({ mutant }) => mutant.kind,
  );
  print('all', verdicts, (verdict) => (position(verdict) < essentialKinds.length ? 'the first three' : 'the rest'));
  if (args.includes('--write')) writeGuide(scoreTables(verdicts, 'Theme', ({ alert }) => themeOf.get(alert) ?? ''));
  return 0;
}

/** Puts the tables into the guide, after the line that says where they come from. */
function writeGuide(tables: string): void {
  const [before = ''] = readFileSync(guide, 'utf8').split(measured);
  writeFileSync(guide, `${before}${measured}\n\n${tables}\n`);
}

function verdictsOn(alert: Alert): readonly Verdict[] {
  const mutants = mutantsOf(alert).filter(({ kind }) => !isEssential || essentialKinds.includes(kind));
  const own = verdictsOf(folder, [{ alert, mutants }]);
  const survivors = own.filter(({ outcome }) => outcome === 'survived').map(({ mutant }) => mutant);
  console.log(`${keyOf(alert)}: ${survivors.length} of ${own.length} mutants survive`);
  if (suggests && survivors.length > 0) suggest(alert, survivors);
  else for (const { kind, change } of survivors) console.log(`  ${kind}: ${change}`);
  return own;
}

function suggest(alert: Alert, survivors: readonly Mutant[]): void {
  const { variations, left } = suggestionFor(folder, alert, survivors);
  for (const variation of variations) console.log(`    ${JSON.stringify(variation)},`);
  for (const { kind, change } of left) console.log(`  none for ${kind}: ${change}`);
}

function position({ mutant }: Verdict): number {
  return kinds.indexOf(mutant.kind);
}

function print(title: string, verdicts: readonly Verdict[], nameOf: (verdict: Verdict) => string): void {
  console.log(`\nKilled by ${title}:`);
  for (const [name, score] of scoresBy(verdicts, nameOf)) console.log(`  ${name.padEnd(24)} ${inWords(score)}`);
}
