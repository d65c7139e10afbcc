import { type SceneObject, type SceneVariable, sceneGraph } from '@grafana/scenes';
import { useEffect, useState } from 'react';

const all = '$__all';
const nothing: readonly string[] = [];

/** Values of a variable at the top of the page; none where it stands for all. */
export function useChosen(model: SceneObject, name: string): readonly string[] {
  const variable = sceneGraph.lookupVariable(name, model) ?? undefined;
  const [values, setValues] = useState(() => valuesOf(variable));
  useEffect(() => {
    setValues((before) => sameOr(before, valuesOf(variable)));
    const subscription = variable?.subscribeToState(() => setValues((before) => sameOr(before, valuesOf(variable))));
    return () => subscription?.unsubscribe();
  }, [variable]);
  return values;
}

function valuesOf(variable: SceneVariable | undefined): readonly string[] {
  const state: object = variable?.state ?? {};
  const value = 'value' in state ? state.value : undefined;
  const values = (Array.isArray(value) ? value : [value]).filter(
    (each): each is string => typeof each === 'string' && each !== '',
  );
  return values.includes(all) ? nothing : values;
}

function sameOr(before: readonly string[], after: readonly string[]): readonly string[] {
  return before.join('\n') === after.join('\n') ? before : after;
}
