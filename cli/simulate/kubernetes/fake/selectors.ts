import { fieldAt, type KubernetesObject } from './kubernetes-object.ts';
import type { Resource } from './served-kinds.ts';
import { badRequest } from './status-error.ts';

export type Matcher = (object: KubernetesObject) => boolean;

/** Objects that both selectors want. Throws a StatusError for one that makes no sense. */
export function selectorOf(resource: Resource, labels: string | null, fields: string | null): Matcher {
  const tests = [
    ...splitOutside(labels ?? '').map(labelTest),
    ...splitOutside(fields ?? '').map((term) => fieldTest(resource, term)),
  ];
  return (object) => tests.every((test) => test(object));
}

/** Commas in brackets belong to a set. */
function splitOutside(text: string): readonly string[] {
  return text
    .split(/,(?![^(]*\))/)
    .map((term) => term.trim())
    .filter((term) => term !== '');
}

function labelTest(term: string): Matcher {
  const set = /^(\S+)\s+(in|notin)\s*\(([^)]*)\)$/.exec(term);
  if (set !== null) {
    const [, key = '', operator, list = ''] = set;
    const values = list.split(',').map((value) => value.trim());
    return (object) => values.includes(labelOf(object, key) ?? '\0') === (operator === 'in');
  }
  const equality = /^([^\s!=]+)\s*(==|=|!=)\s*(\S*)$/.exec(term);
  if (equality !== null) {
    const [, key = '', operator, value = ''] = equality;
    return (object) => (labelOf(object, key) === value) === (operator !== '!=');
  }
  const presence = /^(!?)([A-Za-z0-9][\w./-]*)$/.exec(term);
  if (presence === null) throw badRequest(`unable to parse requirement: found '${term}'`);
  const [, negation, key = ''] = presence;
  return (object) => (labelOf(object, key) !== undefined) === (negation === '');
}

function labelOf({ metadata: { labels = {} } }: KubernetesObject, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}

const everywhere = ['metadata.name', 'metadata.namespace'];
const selectable: Partial<Record<Resource, readonly string[]>> = {
  pods: ['spec.nodeName', 'status.phase', 'spec.restartPolicy', 'spec.serviceAccountName'],
  nodes: ['spec.unschedulable'],
  namespaces: ['status.phase'],
};

function fieldTest(resource: Resource, term: string): Matcher {
  const found = /^([\w.]+)(==|=|!=)(.*)$/.exec(term);
  if (found === null) throw badRequest(`invalid selector: '${term}'; can't understand '${term}'`);
  const [, path = '', operator, value = ''] = found;
  if (![...everywhere, ...(selectable[resource] ?? [])].includes(path))
    throw badRequest(`field label not supported: ${path}`);
  return (object) => (textAt(object, path) === value) === (operator !== '!=');
}

function textAt(object: KubernetesObject, path: string): string {
  const value = fieldAt(object, path);
  return value === undefined ? '' : String(value);
}
