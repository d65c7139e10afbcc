import { alertThemes } from '../../rules/alerts/index.ts';
import { profileThemes } from '../../rules/profiles/index.ts';
import { keyOf } from './alert-key.ts';
import { essentialKinds } from './mutation/edit.ts';
import { equivalents, isEquivalent } from './mutation/equivalent.ts';
import { mutantsOf } from './mutation/mutants.ts';
import { type Verdict, verdictsOf } from './mutation/verdicts.ts';
import { ruleFolder } from './rule-files.ts';

const folder = ruleFolder();
afterAll(() => folder.remove());

const themes = [...alertThemes, ...profileThemes];

/** `npx tsx scripts/mutate-rules.ts` tries all other kinds of breaks too, and suggests variations that show what goes unnoticed. */
test.each(themes)('the alerts of $theme notice a threshold off, a label dropped, a comparison flipped', (theme) => {
  const input = theme.alerts.map((alert) => ({
    alert,
    mutants: mutantsOf(alert).filter(({ kind }) => essentialKinds.includes(kind)),
  }));
  const verdicts = verdictsOf(folder, input);
  expect(inWords(verdicts.filter(({ outcome }) => outcome === 'survived'))).toEqual([]);
  const noticed = verdicts.filter(({ outcome }) => outcome === 'killed');
  expect(inWords(noticed.filter(({ alert, mutant }) => isEquivalent(alert, mutant)))).toEqual([]);
});

function inWords(verdicts: readonly Verdict[]): readonly string[] {
  return verdicts.map(({ alert, mutant }) => `${keyOf(alert)}: ${mutant.kind}: ${mutant.change}`);
}

test.each(equivalents)('$change is still a mutant of $alerts', ({ alerts: names, kind, change, reason }) => {
  expect(reason).toMatch(/^[A-Z].*\.$/);
  for (const name of names) {
    const alert = themes.flatMap(({ alerts }) => alerts).find((one) => keyOf(one) === name);
    const changes = alert === undefined ? [] : mutantsOf(alert).filter((mutant) => mutant.kind === kind);
    expect(changes.map((mutant) => mutant.change)).toContainEqual(expect.stringContaining(change));
  }
});
