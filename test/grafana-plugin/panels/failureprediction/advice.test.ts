import { memoryRules } from '../../../../exporters/prediction/risk/rules/memory-rules';
import { presenceRules } from '../../../../exporters/prediction/risk/rules/presence-rules';
import { runbookUrl } from '../../../../grafana-plugin/src/panels/failureprediction/links/links';
import {
  actionOfRule,
  adviceOf,
  runbookOf,
} from '../../../../grafana-plugin/src/panels/failureprediction/rules/action-of';

test('Prometheus alone leads to the same action as the service', () => {
  for (const { rule, severity, action } of [...memoryRules, ...presenceRules])
    expect([rule, actionOfRule({ rule, severity })]).toEqual([rule, action]);
});

test.each([
  ['xid_79', 'restart_node'],
  ['xid_48', 'drain'],
  ['xid_63', 'none'],
  ['xid_9999', 'investigate'],
  ['of_tomorrow', 'investigate'],
])('%s calls for %s', (rule, action) => {
  expect(actionOfRule({ rule, severity: 'act_now' })).toBe(action);
});

test('the gravest rule that asks for something decides; a probability alone asks for a look, within the budget', () => {
  const rules = [
    { rule: 'xid_63', severity: 'raised_risk' },
    { rule: 'row_remap_pending', severity: 'next_window' },
  ] as const;
  expect(adviceOf({ rules })).toEqual({ action: 'reset_gpu', because: rules[1] });
  expect(adviceOf({ rules: [], alertRank: 3 }).action).toBe('watch');
  expect(adviceOf({ rules: [] }).action).toBe('none');
  expect(runbookOf({ rules })).toBe('GpuFailureRuleNextWindow');
  expect(runbookOf({ rules: [], alertRank: 1 })).toBe('GpuFailureRiskHigh');
  expect(runbookOf({ rules: [] })).toBeUndefined();
});

test('a runbook opens only where its address is one', () => {
  expect(runbookUrl('https://wiki/x', 'A')).toBe('https://wiki/x/A.md');
  expect(runbookUrl('javascript:alert(1)//', 'A')).toBeUndefined();
  expect(runbookUrl('', 'A')).toBeUndefined();
});
