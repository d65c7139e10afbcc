import type { Ledger } from '../../exporters/billing/ledger/ledger.ts';
import type { Usage } from '../../exporters/billing/usage.ts';
import { hourMs, usage, windowAt } from './billing-ledger.ts';

export interface FleetMonth {
  readonly gpus: number;
  readonly tenants: number;
  readonly hours: number;
  readonly fromMs: number;
  /** Hours after which a GPU goes to another pod. */
  readonly podHours?: number;
}

/** Writes what a fleet used, hour by hour: one row for each GPU. */
export async function recordMonth(
  ledger: Pick<Ledger, 'record'>,
  month: FleetMonth,
  onHour: (hour: number) => void = () => undefined,
): Promise<void> {
  for (let hour = 0; hour < month.hours; hour++) {
    await ledger.record([windowAt(month.fromMs + hour * hourMs, usagesOf(month, hour))]);
    onHour(hour);
  }
}

export function usagesOf({ gpus, tenants, podHours = 48 }: FleetMonth, hour: number): readonly Usage[] {
  return Array.from({ length: gpus }, (_, gpu) => {
    const pod = Math.floor((hour + gpu) / podHours);
    return usage(`GPU-${String(gpu).padStart(8, '0')}-0000-4000-8000-000000000000`, 3_600_000n, {
      node: `node-${Math.floor(gpu / 8)}`,
      sku: 'NVIDIA H100 80GB HBM3',
      holder: {
        namespace: `team-${(gpu * 7 + pod) % tenants}`,
        pod: `job-${pod}-${gpu >> 3}`,
        pod_uid: `${pod}-${gpu >> 3}-c0ffee`,
      },
    });
  });
}
