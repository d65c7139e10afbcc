import { MultiValueVariable, type SceneObject, sceneGraph } from '@grafana/scenes';

export interface TenantChoice {
  /** Undefined for all. */
  readonly tenant: string | undefined;
  readonly choose: (tenant: string | undefined) => void;
}

const all = '$__all';

/** The tenant that the variable at the top holds; it is in the address as `var-tenant`. */
export function useTenant(model: SceneObject): TenantChoice {
  const variable = sceneGraph.lookupVariable('tenant', model);
  if (!(variable instanceof MultiValueVariable)) throw new Error('the page has no variable tenant');
  const { value } = variable.useState();
  return { tenant: chosen(value), choose: (name) => variable.changeValueTo(name ?? all, name, true) };
}

function chosen(value: MultiValueVariable['state']['value']): string | undefined {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first !== 'string' || first === '' || first === all ? undefined : first;
}
