import type { EntityKind } from '../../entity.ts';

/** Moments of (fromMs, untilMs]. */
export interface ChunkSpan {
  readonly fromMs: number;
  readonly untilMs: number;
}

export function chunkName(kind: EntityKind, { fromMs, untilMs }: ChunkSpan): string {
  return `${kind}-${fromMs}-${untilMs}.features`;
}

/** Undefined for what is no chunk of that kind, such as what a write that was interrupted has left. */
export function spanOfName(name: string, kind: EntityKind): ChunkSpan | undefined {
  const found = /^(\w+)-(\d{1,16})-(\d{1,16})\.features$/.exec(name);
  if (found === null || found[1] !== kind) return undefined;
  const span = { fromMs: Number(found[2]), untilMs: Number(found[3]) };
  return span.untilMs > span.fromMs ? span : undefined;
}
