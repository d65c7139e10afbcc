import type { Entity, EntityKind } from '../../entity.ts';
import type { FeatureSchema } from '../../features/feature-table.ts';

export interface ChunkHeader {
  readonly format: 1;
  readonly kind: EntityKind;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly rows: number;
  readonly schema: FeatureSchema;
  /** Of the schema. */
  readonly hash: string;
  readonly entities: readonly Entity[];
}

/** Undefined for what is none. */
export function headerOf(json: unknown, kinds: readonly EntityKind[]): ChunkHeader | undefined {
  if (!isMap(json) || json['format'] !== 1) return undefined;
  const { fromMs, untilMs, rows, hash, entities } = json;
  const kind = kinds.find((each) => each === json['kind']);
  const schema = schemaIn(json['schema']);
  const known = Array.isArray(entities) ? entities.map((each: unknown) => entityIn(each, kinds)) : [undefined];
  const whole = known.filter((each) => each !== undefined);
  if (kind === undefined || schema === undefined || whole.length !== known.length) return undefined;
  if (!isWhole(fromMs) || !isWhole(untilMs) || !isWhole(rows) || rows < 0 || typeof hash !== 'string') return undefined;
  return { format: 1, kind, fromMs, untilMs, rows, schema, hash, entities: whole };
}

function schemaIn(value: unknown): FeatureSchema | undefined {
  if (!isMap(value)) return undefined;
  const { version, names } = value;
  if (!isWhole(version) || !Array.isArray(names) || !names.every((name) => typeof name === 'string')) return undefined;
  return { version, names };
}

function entityIn(value: unknown, kinds: readonly EntityKind[]): Entity | undefined {
  if (!isMap(value)) return undefined;
  const { cluster, node, uuid } = value;
  const kind = kinds.find((each) => each === value['kind']);
  const isEntity = typeof cluster === 'string' && typeof node === 'string' && typeof uuid === 'string';
  return kind === undefined || !isEntity ? undefined : { kind, cluster, node, uuid };
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value);
}
