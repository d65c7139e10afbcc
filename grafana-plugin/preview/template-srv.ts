import type { ScopedVars } from '@grafana/data';
import type { TemplateSrv } from '@grafana/runtime';

type Format = string | ((value: unknown) => string) | undefined;

interface SceneLike {
  readonly parent?: SceneLike;
  readonly state: { readonly $variables?: { readonly state: { readonly variables: readonly SceneVariableLike[] } } };
}

interface SceneVariableLike {
  readonly state: { readonly name: string };
  getValue(): unknown;
}

/** Scenes leaves variables in queries to the data source, and tells it by `__sceneObject` where they are. */
export function templateSrv(): TemplateSrv {
  return {
    replace: (text, scoped, format) => interpolate(text, scoped, format as Format),
    getVariables: () => [],
    containsTemplate: (text = '') => pattern().test(text),
    updateTimeRange: () => {},
  };
}

const pattern = () => /\$\{(\w+)(?::\w+)?\}|\$(\w+)|\[\[(\w+)\]\]/g;

function interpolate(text = '', scoped: ScopedVars = {}, format: Format): string {
  return text.replace(pattern(), (all, braced, bare, old) => {
    const value = lookUp(braced ?? bare ?? old, scoped);
    if (value === undefined) return all;
    if (isSpelledOut(value)) return value.formatter();
    if (typeof format === 'function') return format(value);
    return Array.isArray(value) ? value.join(',') : String(value);
  });
}

function lookUp(name: string, scoped: ScopedVars): unknown {
  if (scoped[name] !== undefined) return scoped[name].value;
  for (let at: SceneLike | undefined = scoped.__sceneObject?.value?.valueOf(); at !== undefined; at = at.parent) {
    const found = at.state.$variables?.state.variables.find((variable) => variable.state.name === name);
    if (found !== undefined) return found.getValue();
  }
  return undefined;
}

/** What a variable stands for when all is chosen and it says itself what that is. */
function isSpelledOut(value: unknown): value is { formatter(): string } {
  return typeof value === 'object' && value !== null && 'formatter' in value;
}
