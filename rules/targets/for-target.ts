import type { AlertingRule, RecordingRule, RuleFile, RuleGroup } from '../render/prometheus.ts';
import { loads } from './features.ts';
import { type ShardLimits, shardGroup } from './shard-group.ts';
import type { RuleTarget, TargetName } from './target.ts';

export interface TargetOptions {
  /** How far in the past the rules look, for samples that come late, such as 30s. */
  readonly queryOffset?: string | undefined;
}

/**
 * An object of Kubernetes has about 1 MiB, and kubectl apply writes it once more into an annotation of at most 256 KiB;
 * indentation and escapes need room too.
 */
const maxBytes = 200 * 1024;

const limits: Readonly<Record<TargetName, ShardLimits>> = {
  prometheus: { maxRules: Number.POSITIVE_INFINITY, maxBytes },
  /** `ruler_max_rules_per_rule_group` is 20 unless the site sets it. */
  mimir: { maxRules: 20, maxBytes },
  thanos: { maxRules: Number.POSITIVE_INFINITY, maxBytes },
  victoriametrics: { maxRules: Number.POSITIVE_INFINITY, maxBytes },
};

/** `ruler_max_rule_groups_per_tenant` of Mimir, unless the site sets it. */
export const mimirGroupsPerTenant = 70;

/** The groups of a file as the target loads them: without fields that it does not know, and in parts that it accepts. */
export function forTarget(file: RuleFile, target: RuleTarget, options: TargetOptions = {}): RuleFile {
  const [first, ...others] = file.groups.flatMap((group) =>
    shardGroup(groupFor(group, target, options), limits[target.name]),
  );
  if (first === undefined) throw new RangeError('a rule file has at least one group');
  return { groups: [first, ...others] };
}

function groupFor(group: RuleGroup, target: RuleTarget, { queryOffset }: TargetOptions): RuleGroup {
  const { name, interval, rules } = group;
  return {
    name,
    ...(interval && { interval }),
    ...(queryOffset && offsetField(target, queryOffset)),
    // With part of the answers, what is absent seems to be gone and what is compared seems to differ.
    ...(target.name === 'thanos' && { partial_response_strategy: 'abort' as const }),
    rules: rules.map((rule) => ruleFor(rule, target)),
  };
}

function offsetField(target: RuleTarget, queryOffset: string): Pick<RuleGroup, 'query_offset' | 'eval_delay'> {
  if (loads('query_offset', target)) return { query_offset: queryOffset };
  return loads('eval_delay', target) ? { eval_delay: queryOffset } : {};
}

function ruleFor(rule: AlertingRule | RecordingRule, target: RuleTarget): AlertingRule | RecordingRule {
  if ('record' in rule || loads('keep_firing_for', target)) return rule;
  const { keep_firing_for: _, ...others } = rule;
  return others;
}
