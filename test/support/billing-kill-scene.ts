import { periodNamed } from '../../exporters/billing/bills/period.ts';
import { type BillScene, billScene, goodWatermark, goodWindow, tenantNamed } from './billing-book.ts';

/** Written in three transactions. */
export const tenantCount = 450;

/** 0 is January 2026. */
export function monthNamed(month: number): string {
  const { year, name } = { year: 2026 + Math.floor(month / 12), name: String((month % 12) + 1).padStart(2, '0') };
  return `${year}-${name}`;
}

/** A month in which each of many tenants used a GPU for an hour. */
export function killScene(month: number): BillScene {
  const { span } = periodNamed(monthNamed(month), 'UTC');
  const scene = billScene();
  scene.tenants = Array.from({ length: tenantCount }, (_, index) => tenantNamed(`t${index}`));
  const rows = scene.tenants.map(({ name }) => ({ tenant: name, sku: 'H100', atMs: span.startMs, ms: 3_600_000n }));
  return {
    ...scene,
    rows,
    watermarks: [goodWatermark({ fromMs: span.startMs, untilMs: span.endMs })],
    windows: [goodWindow({ span })],
    now: Date.UTC(2200, 0, 1) / 1000,
  };
}
