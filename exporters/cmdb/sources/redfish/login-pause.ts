import type { Clock } from '../../../../kit/clock.ts';
import type { Credentials } from './credentials.ts';

const firstPauseSeconds = 60;
const longestPauseSeconds = 3600;

/** Keeps from trying a refused password again and again: controllers lock accounts after a few times. A changed password is tried at once. */
export interface LoginPause {
  /** Seconds that must still pass; 0 if it may be tried. */
  readonly remaining: (credentials: Credentials) => number;
  readonly refused: (credentials: Credentials) => void;
  readonly accepted: () => void;
}

export function createLoginPause({ monotonic }: Pick<Clock, 'monotonic'>): LoginPause {
  let failed: { readonly credentials: Credentials; readonly until: number; readonly pause: number } | undefined;

  function isSame({ user, password }: Credentials): boolean {
    return failed?.credentials.user === user && failed.credentials.password === password;
  }

  return {
    remaining: (credentials) =>
      failed === undefined || !isSame(credentials) ? 0 : Math.max(0, failed.until - monotonic()),
    refused: (credentials) => {
      const before = isSame(credentials) ? failed?.pause : undefined;
      const pause = before === undefined ? firstPauseSeconds : Math.min(before * 2, longestPauseSeconds);
      failed = { credentials, until: monotonic() + pause, pause };
    },
    accepted: () => {
      failed = undefined;
    },
  };
}
