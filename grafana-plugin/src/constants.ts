import plugin from './plugin.json';

export const APP_ID = plugin.id;
export const APP_URL = `/a/${APP_ID}`;

export const PAGES = ['fleet', 'training', 'serving', 'inventory', 'cost', 'risk', 'alerts'] as const;
export type Page = (typeof PAGES)[number];

/** Address of a page of the app; scenes add what their variables hold. */
export function pageUrl(page: Page): string {
  return `${APP_URL}/${page}`;
}
