import type { NotifiedSeverity } from './channels/channel.ts';
import { type Channel, type OpenedChannel, openChannel } from './channels/index.ts';

/** Takes alerts and tells nobody. */
export const nobody = 'nobody';

/** The receivers that one addressee needs: one, or one for each severity if its channels differ by severity. */
export interface ReceiverSet {
  /** For all that is not told apart by severity. */
  readonly name: string;
  readonly bySeverity: Readonly<Record<NotifiedSeverity, string>>;
  readonly channels: ReadonlyMap<string, readonly OpenedChannel[]>;
}

export function receiverSet(
  name: string,
  written: readonly Channel[],
  notified: readonly NotifiedSeverity[],
): ReceiverSet {
  const all = written.map(openChannel);
  const channels = new Map([[name, all]]);
  const bySeverity = { critical: name, warning: name, info: name };
  for (const severity of notified) {
    const taking = all.filter(({ settings }) => settings.severities?.includes(severity) ?? true);
    if (taking.length === all.length) continue;
    bySeverity[severity] = taking.length === 0 ? nobody : `${name}-${severity}`;
    if (taking.length > 0) channels.set(bySeverity[severity], taking);
  }
  return { name, bySeverity, channels };
}
