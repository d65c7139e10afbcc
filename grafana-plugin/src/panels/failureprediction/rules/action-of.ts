import { xidClasses, xidClassOf } from '../../../../../metrics/xid.ts';
import type { RiskRow, RuleHit } from '../rows/risk-row';

export const ACTIONS = [
  'contact_support',
  'restart_node',
  'drain',
  'reset_gpu',
  'restart_app',
  'investigate',
  'none',
] as const;
export type Action = (typeof ACTIONS)[number];

/** What the rules of the service call for, where Prometheus alone tells that they are met. */
const byRule: Readonly<Record<string, Action>> = {
  row_remap_failure: 'contact_support',
  row_remap_pending: 'reset_gpu',
  row_remap_limit: 'contact_support',
  memory_unrepairable: 'contact_support',
  sram_threshold: 'contact_support',
  retired_pages: 'contact_support',
  retirement_pending: 'reset_gpu',
  off_the_bus: 'restart_node',
  vanished_series: 'investigate',
  scrape_gaps: 'investigate',
};

export function actionOfRule({ rule, action }: RuleHit): Action {
  const told = ACTIONS.find((each) => each === action);
  if (told !== undefined) return told;
  const code = /^xid_(\d+)$/.exec(rule)?.[1];
  if (code === undefined) return byRule[rule] ?? 'investigate';
  const name = xidClassOf(Number(code));
  return name === undefined ? 'investigate' : xidClasses[name].action;
}

export interface Advice {
  readonly action: Action | 'watch';
  /** The rule that calls for it. */
  readonly because: RuleHit | undefined;
}

/** That of the gravest rule that asks for one. A probability alone asks for nothing but attention, and only within the alert budget. */
export function adviceOf({ rules, alertRank }: Pick<RiskRow, 'rules' | 'alertRank'>): Advice {
  const because = rules.find((hit) => actionOfRule(hit) !== 'none');
  if (because !== undefined) return { action: actionOfRule(because), because };
  return { action: alertRank === undefined ? 'none' : 'watch', because: undefined };
}

/** The alert that fires for it, whose runbook page tells what to do. */
export function runbookOf({ rules, alertRank }: Pick<RiskRow, 'rules' | 'alertRank'>): string | undefined {
  const severities = new Set(rules.map(({ severity }) => severity));
  if (severities.has('act_now')) return 'GpuFailureRuleActNow';
  if (severities.has('next_window')) return 'GpuFailureRuleNextWindow';
  return alertRank === undefined ? undefined : 'GpuFailureRiskHigh';
}
