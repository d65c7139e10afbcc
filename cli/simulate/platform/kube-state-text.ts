import { catalogue } from '../../../metrics/index.ts';
import { kubeStateTarget } from '../billing/kube-state-target.ts';
import type { Month } from '../billing/month.ts';
import { kubeStateFamilies } from './kube-state.ts';
import { lineOf, type PageFamily, pageOf } from './page.ts';

/** What kube-state-metrics would show of the simulated cluster from now on, which stays as it is at the end of the month. */
export function kubeStateText(month: Month): string {
  const lines = new Map<string, string>();
  const add = (name: string, more: string): void => {
    lines.set(name, (lines.get(name) ?? '') + more);
  };
  const nowMs = month.key.span.endMs - 1;
  kubeStateTarget(month, [''], nowMs).scrape(nowMs, ({ name, labels }, value) => {
    // These come from the scrape.
    const { cluster: _cluster, job: _job, instance: _instance, ...own } = labels;
    add(name, lineOf(name, own, value));
  });
  for (const { name, lines: more } of kubeStateFamilies(month)) add(name, more);
  return pageOf([...lines].map(([name, text]): PageFamily => ({ name, ...aboutOf(name), lines: text })));
}

function aboutOf(name: string): Pick<PageFamily, 'type' | 'help'> {
  const help = catalogue.get(name)?.help ?? 'As kube-state-metrics has it.';
  return { type: name.endsWith('_total') ? 'counter' : 'gauge', help };
}
