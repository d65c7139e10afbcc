import type { Alert } from '../../../rules/alert.ts';
import { alertThemes } from '../../../rules/alerts/index.ts';
import { ruleFolder } from '../rule-files.ts';
import { mutantsOf } from './mutants.ts';
import { suggestionFor } from './suggestions.ts';

const folder = ruleFolder();
afterAll(() => folder.remove());

const nearlyFull = alertThemes
  .flatMap(({ alerts }) => alerts)
  .find(({ name }) => name === 'GpuMemoryNearlyFull') as Alert;

test('a threshold that is put off is told by a variation near it, and a guard against nothing by a total of nothing', () => {
  const off = mutantsOf(nearlyFull).filter(({ kind }) => kind === 'threshold');
  const { variations, left } = suggestionFor(folder, nearlyFull, off);
  expect(left).toEqual([]);
  expect(variations).toContainEqual({ of: 0, values: { gpu_memory_total_bytes: '* 0' }, outcome: 'quiet' });
  expect(variations.map(({ outcome }) => outcome)).toContain('fires');
});
