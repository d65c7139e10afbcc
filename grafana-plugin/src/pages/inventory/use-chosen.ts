import { type SceneObject, type SceneVariable, sceneGraph } from '@grafana/scenes';
import { useCallback, useMemo, useSyncExternalStore } from 'react';

const all = '$__all';
const nothing: readonly string[] = [];

/** Values of a variable at the top of the page; none where it stands for all. */
export function useChosen(model: SceneObject, name: string): readonly string[] {
  const variable = sceneGraph.lookupVariable(name, model) ?? undefined;
  const subscribe = useCallback(
    (onChange: () => void) => {
      const subscription = variable?.subscribeToState(onChange);
      return () => subscription?.unsubscribe();
    },
    [variable],
  );
  const joined = useSyncExternalStore(subscribe, () => valuesOf(variable).join('\n'));
  return useMemo(() => (joined === '' ? nothing : joined.split('\n')), [joined]);
}

function valuesOf(variable: SceneVariable | undefined): readonly string[] {
  const state: object = variable?.state ?? {};
  const value = 'value' in state ? state.value : undefined;
  const values = (Array.isArray(value) ? value : [value]).filter(
    (each): each is string => typeof each === 'string' && each !== '',
  );
  return values.includes(all) ? nothing : values;
}
