import type { SyntaxNode } from '@lezer/common';
import type { Metric } from '../../../metrics/define.ts';
import type { RuleTarget } from '../../../rules/targets/target.ts';

/** A rule as a file holds it, ours or that of somebody else. */
export interface LintRule {
  readonly group: string;
  readonly name: string;
  readonly kind: 'alert' | 'record';
  readonly expr: string;
  /** Seconds; 0 where it is not given. */
  readonly forSeconds: number;
  readonly hasKeepFiringFor: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Where it stands, for rules of a file. */
  readonly place?: RulePlace;
}

export interface RulePlace {
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

export interface LintContext {
  /** Series whose labels are known, by name. */
  readonly series: ReadonlyMap<string, Metric>;
  /** Series that the files record themselves. */
  readonly recordedHere: ReadonlySet<string>;
  readonly target: RuleTarget;
  readonly scrapeSeconds: number;
}

/** A rule with all that several checks look at, found once. */
export interface Subject {
  readonly rule: LintRule;
  readonly nodes: readonly SyntaxNode[];
  readonly root: SyntaxNode | undefined;
  /** Labels of the result, 'scalar', or why they cannot be told. */
  readonly labels: ReadonlySet<string> | 'scalar' | { readonly problem: string };
  /** Series that it reads and of which nothing is known. */
  readonly unknown: readonly string[];
}

export interface Check {
  readonly name: string;
  /** What it asks for, in a sentence for the guide. */
  readonly about: string;
  readonly severity: 'error' | 'warning';
  /** What is wrong, each in a sentence. */
  readonly run: (subject: Subject, context: LintContext) => readonly string[];
}

export interface Finding {
  readonly check: string;
  readonly severity: Check['severity'];
  readonly group: string;
  readonly rule: string;
  readonly file?: string;
  readonly line?: number;
  readonly message: string;
}
