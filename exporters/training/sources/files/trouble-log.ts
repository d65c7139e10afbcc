import { reasonOf } from '../../../../kit/errors.ts';
import type { Log } from '../../../../kit/log.ts';
import type { SourceKind } from '../../journal.ts';
import type { SourceLedger } from '../../source-ledger.ts';

/** Counts every time that something cannot be read, and logs it once until that changes. */
export interface TroubleLog {
  readonly report: (kind: SourceKind, path: string, act: Act, error: unknown) => void;
  /** It went well. */
  readonly clear: (path: string, act: Act) => void;
}

/** What may be allowed for a path while another is not. */
export type Act = 'look' | 'list' | 'read';

/** Paths that are remembered; of further ones no line is written. */
const maxPaths = 1000;

export function createTroubleLog({ log, ledger }: { readonly log: Log; readonly ledger: SourceLedger }): TroubleLog {
  const reasons = new Map<string, string>();
  let isFull = false;

  function remember(key: string, path: string, reason: string): void {
    if (reasons.size < maxPaths || reasons.has(key)) {
      reasons.set(key, reason);
      log.warn('a file or folder of a run cannot be read', {
        path,
        reason,
        remedy: 'give the user of the exporter the right to read it; it is tried again',
      });
      return;
    }
    if (!isFull) log.warn('further files and folders of runs cannot be read', { afterPaths: maxPaths });
    isFull = true;
  }

  return {
    report: (kind, path, act, error) => {
      ledger.problem(kind, 'unreadable');
      const reason = reasonOf(error);
      const key = `${act} ${path}`;
      if (reasons.get(key) !== reason) remember(key, path, reason);
    },
    clear: (path, act) => {
      if (reasons.size === 0 || !reasons.delete(`${act} ${path}`)) return;
      isFull = false;
      log.info('a file or folder of a run can be read again', { path });
    },
  };
}
