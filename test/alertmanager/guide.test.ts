import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { load } from 'js-yaml';
import { channelNames } from '../../alertmanager/channels/index.ts';
import { features } from '../../alertmanager/features.ts';
import { inhibitions } from '../../alertmanager/inhibitions.ts';
import { renderAlertmanager } from '../../alertmanager/render.ts';
import { routingVerdicts } from '../../alertmanager/routing-tests.ts';
import { parseSite } from '../../alertmanager/site.ts';
import { defaultGrouping, defaultIntervals } from '../../alertmanager/timing.ts';
import { fullLabels } from '../../cli/alerts/route/answer.ts';
import { alertThemes } from '../../rules/alerts/index.ts';
import { templatesDir } from '../support/alertmanager-templates.ts';
import { amtool, asJsonFile } from '../support/amtool.ts';

const guide = readFileSync(fileURLToPath(new URL('../../docs/guides/alertmanager.md', import.meta.url)), 'utf8');
const examples = [...guide.matchAll(/```yaml\n([^`]*)```/g)].map(([, yaml = '']) => yaml);

describe('the guide', () => {
  test('has examples', () => expect(examples).toHaveLength(5));

  test.each(examples)('shows a site that loads', (yaml) => {
    const config = renderAlertmanager(parseSite(load(yaml)), { templatesDir });
    expect(asJsonFile(config, (file) => amtool('check-config', file))).toContain('SUCCESS');
  });

  test('shows routing tests that hold', () => {
    const sites = examples.map((yaml) => parseSite(load(yaml))).filter((site) => site.routing_tests !== undefined);
    expect(sites).toHaveLength(1);
    const pack = alertThemes.flatMap(({ alerts }) => alerts);
    for (const site of sites) {
      const verdicts = routingVerdicts(site, renderAlertmanager(site, { templatesDir }), (given) =>
        fullLabels(given, pack),
      );
      expect(verdicts.filter(({ isRight }) => !isRight)).toEqual([]);
    }
  });

  test('shows the defaults as they are', () => {
    expect(parseSite(load(examples[1] ?? ''))).toMatchObject({
      grouping: defaultGrouping,
      intervals: defaultIntervals,
    });
  });

  test('names every kind of channel with its keys, and the release that has it', () => {
    for (const name of channelNames) expect(guide).toMatch(new RegExp(`^\\| \`${name}\``, 'm'));
    for (const [name, { since }] of Object.entries(features)) {
      const row = guide.split('\n').find((line) => line.startsWith(`| \`${name.split('.')[0]}\``));
      expect({ name, row }).toEqual({ name, row: expect.stringContaining(since) });
    }
  });

  test('links to the table that names every alert that keeps others back, or is kept back', () => {
    expect(guide).toContain('../reference/routing.md#what-is-kept-back');
    const page =
      readFileSync(fileURLToPath(new URL('../../docs/reference/routing.md', import.meta.url)), 'utf8').split(
        '## What is kept back',
      )[1] ?? '';
    const names = inhibitions.flatMap(({ source, target }) =>
      [source, target].flatMap((side) => side['alertname'] ?? []),
    );
    expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });
});
