import { instantText } from './read-values.ts';

/** What keeps bills from being closed, by tenant. */
export interface Problems {
  readonly add: (tenant: string, text: string, sinceMs: number) => void;
  /** Each once, with the first time of it. */
  readonly of: (tenant: string) => readonly string[];
}

const maxProblems = 50;

export function createProblems(): Problems {
  const byTenant = new Map<string, Map<string, number>>();
  return {
    add: (tenant, text, sinceMs) => {
      const ofTenant = byTenant.get(tenant) ?? new Map<string, number>();
      byTenant.set(tenant, ofTenant);
      ofTenant.set(text, Math.min(sinceMs, ofTenant.get(text) ?? sinceMs));
    },
    of: (tenant) => {
      const found = [...(byTenant.get(tenant) ?? [])]
        .map(([text, sinceMs]) => `since ${instantText(sinceMs)}: ${text}`)
        .sort();
      if (found.length <= maxProblems) return found;
      return [...found.slice(0, maxProblems), `and ${found.length - maxProblems} more`];
    },
  };
}
