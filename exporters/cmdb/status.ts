import type { CmdbStore } from './store/cmdb-store.ts';
import type { LookRecord, OpenFinding } from './store/looks.ts';

/** What the database says of looks and findings, as it was read last: metrics do not wait for it. */
export interface Status {
  readonly refresh: () => Promise<void>;
  readonly looks: () => readonly LookRecord[];
  readonly findings: () => readonly OpenFinding[];
}

export function createStatus(store: Pick<CmdbStore, 'looks' | 'findings'>): Status {
  let looks: readonly LookRecord[] = [];
  let findings: readonly OpenFinding[] = [];
  return {
    refresh: async () => {
      const before = finishedIn(looks);
      looks = await store.looks();
      // A look may find thousands of things; they are read only after one.
      if (finishedIn(looks) !== before) findings = await store.findings();
    },
    looks: () => looks,
    findings: () => findings,
  };
}

function finishedIn(looks: readonly LookRecord[]): string {
  return looks.map(({ source, finishedAt }) => `${source} ${finishedAt}`).join('\n');
}
