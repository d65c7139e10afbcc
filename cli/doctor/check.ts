import type { Finding } from './finding.ts';
import type { Machine } from './machine.ts';

export const groups = ['driver', 'gpus', 'permissions', 'sources', 'container', 'exporter'] as const;
export type Group = (typeof groups)[number];

export interface Check {
  /** Stable, for programs that read the report. */
  readonly name: string;
  /** For people. */
  readonly title: string;
  readonly group: Group;
  /** What it throws counts as its failure. */
  readonly run: (machine: Machine) => Finding | Promise<Finding>;
}

export interface CheckResult extends Finding, Pick<Check, 'name' | 'title' | 'group'> {}
