import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { apiResources } from '../../exporters/cmdb/sources/kubernetes/api-resources.ts';
import { applicationChoices } from '../../exporters/cmdb/sources/kubernetes/kubernetes-config.ts';
import { kubernetesKeys } from '../../exporters/cmdb/sources/kubernetes/read-config.ts';
import { kubernetesConfig } from '../support/fake-kubernetes.ts';
import { codeBlocks } from './code-blocks.ts';
import { type KubernetesObject, objectOf, objectsIn, root, schemaComplaints } from './manifests.ts';

interface Role extends KubernetesObject {
  readonly rules: readonly Rule[];
}

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

const file = 'cmdb-rbac.yaml';
const guide = readFileSync(join(root, 'docs/guides/cmdb-kubernetes.md'), 'utf8');
const role = objectOf<Role>(file, 'ClusterRole');

test('the schemas of Kubernetes accept every object', () => {
  const objects = objectsIn(file);
  expect(objects.map(({ kind }) => kind)).toEqual(['ServiceAccount', 'ClusterRole', 'ClusterRoleBinding']);
  expect(schemaComplaints(objects)).toEqual(objects.map(() => null));
});

test('the role allows to read exactly what the source asks for', () => {
  const allowed = role.rules.flatMap(({ apiGroups, resources }) =>
    apiGroups.flatMap((group) => resources.map((resource) => `${group}/${resource}`)),
  );
  const asked = Object.entries(apiResources).map(([resource, { group }]) => `${group}/${resource}`);
  expect([...allowed].sort()).toEqual([...asked].sort());
  expect(role.rules.map(({ verbs }) => verbs)).toEqual(role.rules.map(() => ['get', 'list', 'watch']));
});

test('the role is given to the account', () => {
  const { metadata } = objectOf(file, 'ServiceAccount');
  const binding = objectOf<KubernetesObject & { readonly roleRef: object; readonly subjects: readonly object[] }>(
    file,
    'ClusterRoleBinding',
  );
  expect(binding.roleRef).toMatchObject({ kind: 'ClusterRole', name: role.metadata.name });
  expect(binding.subjects).toEqual([{ kind: 'ServiceAccount', name: metadata.name, namespace: metadata.namespace }]);
});

describe('the guide', () => {
  test('names every key, and what applications may be', () => {
    expect(kubernetesKeys.filter((key) => !guide.includes(`\`${key}\``))).toEqual([]);
    expect(applicationChoices.filter((choice) => !guide.includes(`| \`${choice}\` |`))).toEqual([]);
  });

  const examples = codeBlocks(guide, 'yaml').map((text) => JSON.parse(JSON.stringify(load(text))));

  test('has configurations that are accepted', () => {
    expect(examples.length).toBeGreaterThan(3);
    const readFile = (path: string): string => (path.endsWith('.crt') ? '-----BEGIN CERTIFICATE-----' : 'token');
    for (const { sources } of examples) {
      const { name, type, every, ...values } = sources[0];
      expect([name, type]).toEqual(['k8s', 'kubernetes']);
      expect(['5m', undefined]).toContain(every);
      expect(Object.keys(values).filter((key) => !kubernetesKeys.some((known) => known === key))).toEqual([]);
      const config = kubernetesConfig(values, readFile, { KUBERNETES_SERVICE_HOST: '10.0.0.1' });
      expect(config.cluster).toBe('gpu-1');
    }
  });
});
