/** Every word that a message needs beside the texts of the rules, in one language. */
export interface Texts {
  readonly firingTag: (count: number) => string;
  readonly resolvedTag: (count: number) => string;
  readonly severities: Readonly<Record<string, string>>;
  readonly domains: Readonly<Record<string, string>>;
  readonly teams: Readonly<Record<string, string>>;
  /** What to do, for the values of the label action. */
  readonly actions: Readonly<Record<string, string>>;
  readonly firing: string;
  readonly resolved: string;
  readonly forTeam: (team: string) => string;
  /** With the colon of the language. */
  readonly toDo: (action: string) => readonly [label: string, rest: string];
  readonly since: (time: string) => string;
  readonly over: (time: string, duration: string) => string;
  readonly durationUnits: { readonly d: string; readonly h: string; readonly min: string; readonly s: string };
  readonly digest: (groups: number) => string;
  readonly others: (name: string, more: number) => string;
  readonly counts: (firing: number, resolved: number) => string;
  readonly moreAlerts: (count: number, counts: string) => string;
  readonly moreNames: (count: number, counts: string) => string;
  readonly places: {
    readonly everywhere: string;
    readonly cluster: string;
    readonly gpu: string;
    readonly mig: string;
    readonly run: string;
    readonly rank: string;
    readonly model: string;
    readonly objective: string;
    readonly tenant: string;
    readonly upstream: string;
    readonly engine: string;
  };
  readonly links: {
    readonly acknowledge: string;
    readonly alertmanager: string;
    readonly runbook: string;
    readonly dashboard: string;
    readonly chart: string;
  };
  readonly everybody: string;
}
