import type { Fields } from './kubernetes-object.ts';
import { apiVersionOf, type Resource, servedKinds } from './served-kinds.ts';

const verbs = ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'] as const;
const version = { major: '1', minor: '33', gitVersion: 'v1.33.4', platform: 'linux/amd64' } as const;

/** What clients such as kubectl ask first: which groups and resources there are. Undefined for any other path. */
export function discoveryOf(pathname: string): Fields | undefined {
  if (pathname === '/version') return version;
  if (pathname === '/api') return { kind: 'APIVersions', versions: ['v1'] };
  if (pathname === '/apis') return groupList();
  const resources = names().filter((name) => pathname === rootOf(name));
  const [first] = resources;
  if (first === undefined) return undefined;
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: apiVersionOf(first),
    resources: resources.map(entryOf),
  };
}

function names(): readonly Resource[] {
  return Object.keys(servedKinds).filter((name): name is Resource => Object.hasOwn(servedKinds, name));
}

function rootOf(resource: Resource): string {
  const { group } = servedKinds[resource];
  return `/${group === '' ? 'api' : 'apis'}/${apiVersionOf(resource)}`;
}

function groupList(): Fields {
  const groups = new Map(names().map((name) => [servedKinds[name].group, apiVersionOf(name)]));
  groups.delete('');
  return {
    kind: 'APIGroupList',
    apiVersion: 'v1',
    groups: [...groups].map(([name, groupVersion]) => {
      const preferred = { groupVersion, version: groupVersion.slice(name.length + 1) };
      return { name, versions: [preferred], preferredVersion: preferred };
    }),
  };
}

function entryOf(name: Resource): Fields {
  const { kind, isNamespaced } = servedKinds[name];
  return { name, singularName: kind.toLowerCase(), namespaced: isNamespaced, kind, verbs };
}
