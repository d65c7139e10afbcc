import { ApiError, notFound } from '../../../kit/api/api-error.ts';
import { keyOfEntity } from '../entity.ts';
import type { Risk } from '../risk/risk.ts';

/** By the UUID of a GPU, the name of a node, or the key of either, such as gpu/prod/GPU-1. Throws ApiError where there is none, or are several. */
export function findRisk(risks: readonly Risk[], name: string, cluster: string | undefined): Risk {
  const found = risks.filter(({ entity }) => {
    if (cluster !== undefined && entity.cluster !== cluster) return false;
    return name === keyOfEntity(entity) || name === (entity.kind === 'gpu' ? entity.uuid : entity.node);
  });
  const [first, second] = found;
  if (first === undefined) throw notFound('nobody of that name has a risk; name the UUID of a GPU or a node');
  if (second === undefined) return first;
  throw new ApiError('conflict', 'several clusters have one of that name; give cluster as well', { field: 'cluster' });
}
