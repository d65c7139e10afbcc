import { alertThemes } from '../../rules/alerts/index.ts';
import { essentialKinds } from './mutation/edit.ts';
import { equivalents } from './mutation/equivalent.ts';
import { mutantsOf } from './mutation/mutants.ts';
import { unnoticed } from './mutation/unnoticed.ts';
import { verdictsOf } from './mutation/verdicts.ts';
import { ruleFolder } from './rule-files.ts';

const folder = ruleFolder();
afterAll(() => folder.remove());

/** Every third break of each alert; `npx tsx scripts/mutate-rules.ts --essential` tries all of them, and without the option all other kinds too. */
const isTried = (_: unknown, index: number): boolean => index % 3 === 0;

test.each(alertThemes)(
  'the alerts of $theme notice a threshold off, a label dropped, a comparison flipped',
  (theme) => {
    const input = theme.alerts.map((alert) => ({
      alert,
      mutants: mutantsOf(alert)
        .filter(({ kind }) => essentialKinds.includes(kind))
        .filter(isTried),
    }));
    const verdicts = verdictsOf(folder, input);
    const survivors = verdicts
      .filter(({ outcome }) => outcome === 'survived')
      .map(({ alert, mutant }) => `${alert.name}: ${mutant.kind}: ${mutant.change}`);
    const known = theme.alerts.flatMap(({ name }) => (unnoticed[name] ?? []).map((change) => `${name}: ${change}`));
    expect(survivors.filter((change) => !known.includes(change))).toEqual([]);
  },
);

test.each(equivalents)('$change is still a mutant of $alerts', ({ alerts: names, kind, change, reason }) => {
  expect(reason).toMatch(/^[A-Z].*\.$/);
  for (const name of names) {
    const alert = alertThemes.flatMap(({ alerts }) => alerts).find((one) => one.name === name);
    const changes = alert === undefined ? [] : mutantsOf(alert).filter((mutant) => mutant.kind === kind);
    expect(changes.map((mutant) => mutant.change)).toContainEqual(expect.stringContaining(change));
  }
});
