import type { Page } from '@playwright/test';
import type { Host } from './host.ts';

/** Months as billing names them, such as 2026-10. */
export function lastMonth(now = new Date()): string {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 15)).toISOString().slice(0, 7);
}

/**
 * A stack that has just begun has no closed month. What real billing reckons for the last one is given a number here, as if it had been closed;
 * its sum, lines, explanation and files are real.
 */
export async function closeLastMonth(page: Page, host: Host, tenant: string): Promise<{ readonly number: string }> {
  const number = `BILL-${lastMonth()}-1`;
  const draft = `billing/api/v1/tenants/${tenant}/draft`;
  const { lines, ...bill } = await (await host.ask(`${draft}?period=${lastMonth()}`, { role: 'Editor' })).json();
  const closed = { ...bill, number, state: 'closed', problems: [], closed_by: 'somebody', coverage: 0.999 };
  await page.route(/\/billing\/api\/v1\/bills\?(?!.*state=draft)/, (route) =>
    route.fulfill({ json: { bills: [closed] } }),
  );
  await page.route(/\/billing\/api\/v1\/bills\/BILL-/, async (route) => {
    const { pathname, searchParams } = new URL(route.request().url());
    const rest = pathname.split(number)[1] ?? '';
    if (rest === '/corrections') return route.fulfill({ json: { corrections: [], pending: null } });
    if (rest === '' && searchParams.get('format') === 'json') return route.fulfill({ json: { ...closed, lines } });
    searchParams.set('period', lastMonth());
    const response = await host.ask(`${draft}${rest}?${searchParams}`, { role: 'Editor' });
    return route.fulfill({ response });
  });
  return { number };
}
