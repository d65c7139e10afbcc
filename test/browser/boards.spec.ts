import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, settled, shot, test } from './host.ts';

const folder = join(import.meta.dirname, '..', '..', 'dashboards', 'generated');

interface BoardFile {
  readonly uid: string;
  readonly title: string;
  readonly panels: ReadonlyArray<{ readonly type: string; readonly title: string; readonly collapsed?: boolean }>;
}

const boards: readonly BoardFile[] = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')));

test.describe('boards', { tag: '@full' }, () => {
  for (const board of boards) {
    test(`${board.title}: every open panel is drawn, and none tells of an error`, async ({ page, host }, info) => {
      await host.open(`/d/${board.uid}`);
      await expect(page.getByRole('heading', { level: 1, name: board.title })).toBeVisible();
      await settled(page);
      await shot(page, info, board.uid);
      const titles = board.panels.filter(({ type }) => type !== 'row').map(({ title }) => title);
      for (const title of titles) {
        const panel = page.locator('section', { has: page.getByRole('heading', { name: title, exact: true }) }).first();
        await panel.scrollIntoViewIfNeeded();
      }
      await settled(page);
      await expect(page.getByTestId(/data-testid Panel status error/)).toHaveCount(0);
    });
  }
});
