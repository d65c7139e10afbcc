/** Why a rule of Grafana's dashboard-linter does not hold for our boards, by the name of the rule in its file `.lint`. */
const excluded = {
  'template-job-rule':
    'Boards choose by cluster, node, run, model or tenant, which is what people ask about; the scrape jobs have fixed names.',
  'template-instance-rule':
    'As for the job: a node or a service is chosen by its name, not by the address of an exporter.',
  'target-job-rule': 'Every series of FleetLens has a name of its own, so no other job has it.',
  'target-instance-rule': 'A query is about a fleet: one for each instance would be one for each of a thousand nodes.',
} as const;

export const lintExclusions: Readonly<Record<string, string>> = excluded;

/** What the linter reads beside the boards. */
export function lintSettings(): object {
  return {
    exclusions: Object.fromEntries(Object.entries(lintExclusions).map(([rule, reason]) => [rule, { reason }])),
  };
}
