import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { load } from 'js-yaml';
import { inhibitions } from '../../alertmanager/inhibitions.ts';
import { renderAlertmanager } from '../../alertmanager/render.ts';
import { parseSite } from '../../alertmanager/site.ts';
import { defaultGrouping, defaultIntervals } from '../../alertmanager/timing.ts';
import { templatesDir } from '../support/alertmanager-templates.ts';
import { amtool, asJsonFile } from '../support/amtool.ts';

const guide = readFileSync(fileURLToPath(new URL('../../docs/guides/alertmanager.md', import.meta.url)), 'utf8');
const examples = [...guide.matchAll(/```yaml\n([^`]*)```/g)].map(([, yaml = '']) => yaml);

describe('the guide', () => {
  test('has examples', () => expect(examples).toHaveLength(2));

  test.each(examples)('shows a site that loads', (yaml) => {
    const config = renderAlertmanager(parseSite(load(yaml)), { templatesDir });
    expect(asJsonFile(config, (file) => amtool('check-config', file))).toContain('SUCCESS');
  });

  test('shows the defaults as they are', () => {
    expect(parseSite(load(examples[1] ?? ''))).toMatchObject({
      grouping: defaultGrouping,
      intervals: defaultIntervals,
    });
  });

  test('names every alert that keeps others back', () => {
    const sources = inhibitions.flatMap(({ source }) => [source['alertname'] ?? []].flat());
    expect(sources.filter((name) => !guide.includes(name))).toEqual([]);
  });
});
