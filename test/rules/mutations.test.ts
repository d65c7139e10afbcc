import { alertThemes } from '../../rules/alerts/index.ts';
import { profileThemes } from '../../rules/profiles/index.ts';
import { keyOf } from './alert-key.ts';
import { essentialKinds } from './mutation/edit.ts';
import { equivalents } from './mutation/equivalent.ts';
import { mutantsOf } from './mutation/mutants.ts';
import { unnoticed } from './mutation/unnoticed.ts';
import { verdictsOf } from './mutation/verdicts.ts';
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
  const survivors = verdictsOf(folder, input)
    .filter(({ outcome }) => outcome === 'survived')
    .map(({ alert, mutant }) => `${keyOf(alert)}: ${mutant.kind}: ${mutant.change}`);
  const known = theme.alerts.flatMap((alert) =>
    (unnoticed[keyOf(alert)] ?? []).map((change) => `${keyOf(alert)}: ${change}`),
  );
  expect(survivors.sort()).toEqual(known.sort());
});

test.each(equivalents)('$change is still a mutant of $alerts', ({ alerts: names, kind, change, reason }) => {
  expect(reason).toMatch(/^[A-Z].*\.$/);
  for (const name of names) {
    const alert = themes.flatMap(({ alerts }) => alerts).find((one) => keyOf(one) === name);
    const changes = alert === undefined ? [] : mutantsOf(alert).filter((mutant) => mutant.kind === kind);
    expect(changes.map((mutant) => mutant.change)).toContainEqual(expect.stringContaining(change));
  }
});
