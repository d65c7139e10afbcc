import type { AlertmanagerClient } from '../../../kit/alertmanager/silences-client.ts';
import type { Clock } from '../../../kit/clock.ts';
import { reasonOf } from '../../../kit/errors.ts';
import type { Log } from '../../../kit/log.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { MaintenanceWindow } from './maintenance-window.ts';
import { planSilences, type SilenceRules } from './silence-plan.ts';

/** Brings the silences of Alertmanager in line with the maintenance windows. Only the leader of several replicas runs it. */
export interface SilenceSync {
  /** Looks at what is there and mends it. Never rejects; what failed is tried again the next time. */
  readonly run: (signal: AbortSignal) => Promise<SilenceSyncResult>;
  /** Whether all silences are as they should be, as of the last run; undefined before the first. */
  readonly isInSync: () => boolean | undefined;
}

export interface SilenceSyncResult {
  readonly posted: number;
  readonly expired: number;
  readonly kept: number;
  readonly failures: readonly string[];
}

export interface SilenceSyncDeps {
  readonly inventory: Inventory;
  /** Those that are not over, or not for long. */
  readonly windows: () => Promise<readonly MaintenanceWindow[]>;
  readonly client: AlertmanagerClient;
  readonly rules: SilenceRules;
  readonly clock: Clock;
  readonly log: Log;
}

export function createSilenceSync({ inventory, windows, client, rules, clock, log }: SilenceSyncDeps): SilenceSync {
  let inSync: boolean | undefined;
  let lastFailure: string | undefined;

  function report({ posted, expired, failures }: SilenceSyncResult): void {
    inSync = failures.length === 0;
    if (posted + expired > 0) log.info('silences of maintenance windows changed', { posted, expired });
    const [failure] = failures;
    if (failure === lastFailure) return;
    lastFailure = failure;
    if (failure === undefined) log.info('silences of maintenance windows are in Alertmanager again');
    else log.warn('silences of maintenance windows are not in Alertmanager', { reason: failure });
  }

  async function mend(signal: AbortSignal): Promise<SilenceSyncResult> {
    const given = { inventory, windows: await windows(), existing: await client.silences(signal), now: clock.now() };
    const { post, expire, kept } = planSilences(given, rules);
    const failures: string[] = [];
    const attempt = async (work: Promise<void>): Promise<number> => {
      try {
        await work;
        return 1;
      } catch (error) {
        failures.push(reasonOf(error));
        return 0;
      }
    };
    let [posted, expired] = [0, 0];
    // First what is to be silent, so that nothing rings in between.
    for (const silence of post) posted += await attempt(client.post(silence, signal));
    for (const id of expire) expired += await attempt(client.expire(id, signal));
    return { posted, expired, kept, failures };
  }

  return {
    run: async (signal) => {
      let result: SilenceSyncResult;
      try {
        result = await mend(signal);
      } catch (error) {
        result = { posted: 0, expired: 0, kept: 0, failures: [reasonOf(error)] };
      }
      report(result);
      return result;
    },
    isInSync: () => inSync,
  };
}
