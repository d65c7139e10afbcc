import type { Conservation, MeteredWindow } from '../usage.ts';

/** As JSON: the exact numbers of it are text. */
export function conservationJson(conservation: Conservation | undefined): string | null {
  return conservation === undefined ? null : JSON.stringify(conservation, bigintAsText);
}

export function conservationOf(json: unknown): Conservation | undefined {
  if (json === null || json === undefined) return undefined;
  const stored = json as StoredConservation;
  return {
    devices: stored.devices,
    installedMs: stored.installedMs,
    error: exactOf(stored.error),
    worst: stored.worst.map(({ resource, error }) => ({ resource, error: exactOf(error) })),
  };
}

/** True if both say the same of how well a window was seen; the order of keys does not matter. */
export function isSameView(
  { coverage, conservation }: Pick<MeteredWindow, 'coverage' | 'conservation'>,
  stored: { readonly coverage: unknown; readonly conservation: unknown },
): boolean {
  return (
    sorted(JSON.parse(JSON.stringify(coverage))) === sorted(stored.coverage) &&
    sorted(JSON.parse(conservationJson(conservation) ?? 'null')) === sorted(stored.conservation ?? null)
  );
}

interface StoredExact {
  readonly num: string;
  readonly den: string;
}

interface StoredConservation extends Pick<Conservation, 'devices' | 'installedMs'> {
  readonly error: StoredExact;
  readonly worst: readonly { readonly resource: string; readonly error: StoredExact }[];
}

function exactOf({ num, den }: StoredExact): Conservation['error'] {
  return { num: BigInt(num), den: BigInt(den) };
}

function bigintAsText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

function sorted(json: unknown): string {
  return JSON.stringify(json, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}
