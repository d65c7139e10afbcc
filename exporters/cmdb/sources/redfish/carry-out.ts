import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../../../kit/clock.ts';
import type { ActionResult } from '../../hardware/hardware-control.ts';
import { BmcError, sortedError } from './bmc-error.ts';
import type { LookAtResult, PreparedAction } from './prepare-power.ts';
import type { RedfishClient, RequestContext } from './redfish-client.ts';

type Outcome = Omit<ActionResult, 'plan' | 'durationSeconds'>;

interface Settings {
  readonly actionDeadlineSeconds: number;
  readonly clock: Clock;
}

/** Between two looks at what becomes of it. */
const firstPauseSeconds = 0.25;
const longestPauseSeconds = 2;

/** Sends the action and waits for what it is to bring about. Rejects only if it was told to stop. */
export async function carryOut(
  prepared: PreparedAction,
  client: RedfishClient,
  signal: AbortSignal,
  { actionDeadlineSeconds, clock }: Settings,
): Promise<Outcome> {
  const deadline = AbortSignal.timeout(actionDeadlineSeconds * 1000);
  const context = { signal: AbortSignal.any([signal, deadline]), isUrgent: true };
  let powerState = prepared.plan.currentPowerState;
  let isAccepted = false;

  async function wait(monitor: string | undefined): Promise<void> {
    const isReached = prepared.watch();
    let isTask = monitor !== undefined;
    for (let pause = firstPauseSeconds; ; pause = Math.min(pause * 2, longestPauseSeconds)) {
      isTask &&= await isUnderWay(client, monitor ?? '', context);
      const seen = await lookOnce(prepared, context);
      powerState = seen?.powerState ?? powerState;
      // Asked each time, so that it sees the server go away while the task runs.
      const isThere = seen !== undefined && isReached(seen.resource, clock.monotonic());
      if (isThere && !isTask) return;
      await sleep(pause * 1000, undefined, { signal: context.signal });
    }
  }

  try {
    const { monitor } = await client.post(prepared.path, prepared.body, context);
    isAccepted = true;
    await wait(monitor);
    return { outcome: 'done', detail: prepared.whenDone, powerState };
  } catch (error) {
    if (signal.aborted) throw sortedError(error);
    if (!deadline.aborted || !isAccepted) return { outcome: 'failed', detail: sortedError(error).message, powerState };
    return { outcome: 'timeout', detail: lateDetail(prepared, actionDeadlineSeconds), powerState };
  }
}

function lateDetail({ whatFor }: PreparedAction, seconds: number): string {
  return `accepted, but ${whatFor} did not come within ${seconds} s; look at the console of the server`;
}

async function isUnderWay(client: RedfishClient, monitor: string, context: RequestContext): Promise<boolean> {
  try {
    return await client.isUnderWay(monitor, context);
  } catch (error) {
    // Some forget the task as soon as it is done.
    if (error instanceof BmcError && error.status === 404) return false;
    throw error;
  }
}

/** A controller may be busy while it carries something out; then it is asked again. */
async function lookOnce(prepared: PreparedAction, context: RequestContext): Promise<LookAtResult | undefined> {
  try {
    return await prepared.look(context);
  } catch (error) {
    const isPassing = error instanceof BmcError && error.kind !== 'credentials' && !context.signal.aborted;
    if (isPassing) return undefined;
    throw error;
  }
}
