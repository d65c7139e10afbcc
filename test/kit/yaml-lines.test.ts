import { yamlLines } from '../../kit/yaml-lines.ts';

const text = `# rules
groups:
  - name: a
    rules:
      - alert: X
        expr: |
          up
          == 0
      -
        alert: Y
      - &later {alert: Z}
      - *later
---
spec: {groups: [{rules: [{alert: A},
  {alert: B}]}]}
`;

test('every mapping and list has the line on which it begins, in each document', () => {
  const lines = yamlLines(text);
  expect([...lines].filter(([path]) => /rules/.test(path))).toEqual([
    ['0.groups.0.rules', 5],
    ['0.groups.0.rules.0', 5],
    ['0.groups.0.rules.1', 10],
    ['0.groups.0.rules.2', 11],
    ['1.spec.groups.0.rules', 14],
    ['1.spec.groups.0.rules.0', 14],
    ['1.spec.groups.0.rules.1', 15],
  ]);
});

test('nothing, and keys that are no texts, do no harm', () => {
  expect([...yamlLines('')]).toEqual([]);
  expect([...yamlLines('? [a, b]\n: {c: {}}\nd: []\n')]).toEqual([
    ['0', 1],
    ['0.?', 2],
    ['0.?.c', 2],
    ['0.d', 3],
  ]);
});
