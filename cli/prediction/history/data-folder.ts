import { join } from 'node:path';
import { type EntityKind, entityKinds } from '../../../exporters/prediction/entity.ts';
import type { FeatureSpec } from '../../../exporters/prediction/features/feature-spec.ts';
import { gpuSpec } from '../../../exporters/prediction/features/gpu-spec.ts';
import { nodeSpec } from '../../../exporters/prediction/features/node-spec.ts';
import { schemaOf } from '../../../exporters/prediction/features/schema.ts';
import { type FeatureStore, openFeatureStore } from '../../../exporters/prediction/store/features/feature-store.ts';

export const specs: Readonly<Record<EntityKind, FeatureSpec>> = { gpu: gpuSpec, node: nodeSpec };

export function modelFolder(data: string): string {
  return join(data, 'models');
}

export function signFile(data: string): string {
  return join(data, 'failures.json');
}

/** The stores of features in the folder; makes them if they are not there. */
export async function openStores(data: string): Promise<Readonly<Record<EntityKind, FeatureStore>>> {
  const stores = await Promise.all(
    entityKinds.map(async (kind) => {
      const folder = join(data, 'features', kind);
      return [kind, await openFeatureStore({ folder, kind, schema: schemaOf(specs[kind]) })] as const;
    }),
  );
  return Object.fromEntries(stores) as Record<EntityKind, FeatureStore>;
}
