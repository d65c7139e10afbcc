import type { Clock } from '../../../../kit/clock.ts';
import type { Log } from '../../../../kit/log.ts';
import type { Confirmations, TokenVerdict } from '../../hardware/confirmation.ts';
import {
  type ActionResult,
  type HardwareAction,
  HardwareRefusal,
  type ProposedPlan,
} from '../../hardware/hardware-control.ts';
import type { RedfishSettings } from './bmc-target.ts';
import { carryOut } from './carry-out.ts';
import { prepareMedia } from './prepare-media.ts';
import { type PreparedAction, preparePower } from './prepare-power.ts';
import type { Station } from './station.ts';

export interface Actions {
  readonly plan: (node: string, station: Station, action: HardwareAction, signal: AbortSignal) => Promise<ProposedPlan>;
  readonly execute: (
    node: string,
    station: Station,
    action: HardwareAction,
    token: string,
    signal: AbortSignal,
  ) => Promise<ActionResult>;
}

interface Deps {
  readonly settings: Pick<RedfishSettings, 'allowActions' | 'actionDeadlineSeconds'>;
  readonly confirmations: Confirmations;
  readonly clock: Clock;
  readonly log: Log;
}

const verdicts: Readonly<Record<Exclude<TokenVerdict, 'valid'>, string>> = {
  expired: 'the confirmation has expired; ask for the plan again',
  used: 'the confirmation was used already; ask for the plan again',
  foreign: 'the confirmation is not for this action on this server as it is now; ask for the plan again and read it',
};

export function createActions({ settings, confirmations, clock, log }: Deps): Actions {
  const acting = new Set<Station>();

  return {
    plan: async (node, station, action, signal) => {
      const prepared = await prepare(node, station, action, signal);
      return { plan: prepared.plan, ...confirmations.issue(subjectOf(prepared)) };
    },
    execute: async (node, station, action, token, signal) => {
      if (!settings.allowActions)
        throw new HardwareRefusal(
          'forbidden',
          'this source only makes plans; set allow_actions: true to carry them out',
        );
      if (acting.has(station)) throw new HardwareRefusal('invalid', `another action on ${node} is under way`);
      acting.add(station);
      try {
        const prepared = await prepare(node, station, action, signal);
        const verdict = confirmations.redeem(token, subjectOf(prepared));
        if (verdict !== 'valid') throw new HardwareRefusal('token', verdicts[verdict]);
        const started = clock.monotonic();
        const result = await carryOut(prepared, station.client, signal, { ...settings, clock });
        const name = action.kind === 'power' ? action.action : action.kind;
        station.countAction(name, result.outcome);
        log.info('hardware action carried out', {
          node,
          bmc: station.target.name,
          action: name,
          outcome: result.outcome,
        });
        return { plan: prepared.plan, ...result, durationSeconds: clock.monotonic() - started };
      } finally {
        acting.delete(station);
      }
    },
  };
}

function prepare(node: string, station: Station, action: HardwareAction, signal: AbortSignal): Promise<PreparedAction> {
  return action.kind === 'power'
    ? preparePower(node, station, action, signal)
    : prepareMedia(node, station, action, signal);
}

/** All that a confirmation stands for: if any of it has changed since the plan, the plan must be read again. */
function subjectOf({ plan, path, body }: PreparedAction): string {
  return JSON.stringify([plan.node, plan.bmc, plan.action, path, body, plan.currentPowerState ?? null]);
}
