import { alertThemes } from '../../../rules/alerts/index.ts';
import { recordingGroups } from '../../../rules/recording/index.ts';
import { ruleReference } from '../../../rules/render/reference.ts';
import { runbookPage } from '../../../rules/render/runbooks.ts';
import { thresholds } from '../../../rules/thresholds.ts';

const pages = alertThemes.flatMap((theme) =>
  theme.alerts.map((alert) => ({ name: alert.name, alert, page: runbookPage(alert, theme), theme: theme.theme })),
);

test.each(pages)('the runbook of $name tells all that the alert says of itself', ({ alert, page, theme }) => {
  expect(page).toMatch(new RegExp(`^<!-- Generated from rules/alerts/${theme}.ts [^\n]+-->\n\n# ${alert.name}\n`));
  const { meaning, firstLook, remedy } = alert.runbook;
  for (const text of [alert.summary, meaning, ...firstLook, ...remedy, alert.expr.promql, alert.fires.when]) {
    expect(page).toContain(text);
  }
  for (const name of alert.thresholds ?? []) {
    expect(page).toContain(`| \`${name}\` | ${thresholds[name].value} | ${thresholds[name].unit} |`);
  }
  expect(page).toMatch(/[^\n]\n$/);
  expect(page).not.toMatch(/undefined|\[object|\n{3}/);
});

test('every runbook has commands for the first look', () => {
  const without = pages.filter(({ alert }) => !alert.runbook.firstLook.some((step) => /`[^`]+`/.test(step)));
  expect(without.map(({ name }) => name)).toEqual([]);
});

test('the page of the watchdog says that it is never quiet', () => {
  expect(pages.find(({ name }) => name === 'Watchdog')?.page).toContain('It is never quiet.');
});

test('the reference lists every alert, threshold and recorded series', () => {
  const reference = ruleReference({
    themes: alertThemes,
    recordings: recordingGroups,
    thresholds,
    runbooks: '../runbooks',
  });
  for (const { alert } of pages) {
    expect(reference).toContain(
      `| [${alert.name}](../runbooks/${alert.name}.md) | ${alert.severity} | ${alert.team} |`,
    );
  }
  for (const name of Object.keys(thresholds)) expect(reference).toContain(`| \`${name}\` |`);
  for (const { series } of recordingGroups) {
    for (const name of Object.keys(series)) expect(reference).toContain(`| \`${name}\` |`);
  }
  expect(reference).not.toMatch(/undefined|\[object|\n{3}/);
});
