import type { Check } from '../../check.ts';
import { ok } from '../../finding.ts';

export const kind: Check = {
  name: 'container',
  title: 'runs in',
  group: 'container',
  run: ({ container }) => ok(container === undefined ? 'no container' : `a ${container}`),
};
