/** One time series, and how its name and labels are written for each replica of Prometheus. */
export interface SeriesHead {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** `name{labels} `, by number of the replica. */
  readonly texts: readonly string[];
}

/** A sample as a replica of Prometheus has it. */
export type Emit = (head: SeriesHead, value: number) => void;

/** What Prometheus scrapes: `at` is asked for ascending times. */
export interface ScrapeTarget {
  readonly job: string;
  readonly instance: string;
  readonly up: SeriesHead;
  /** Emits what the target shows at the time; false if it does not answer. */
  readonly scrape: (atMs: number, emit: Emit) => boolean;
}

export type MakeHead = (name: string, labels: Readonly<Record<string, string>>) => SeriesHead;

/** Labels of the target come to those of each series; a replica has its own label `replica` if there are several. */
export function headsOf(target: Readonly<Record<string, string>>, replicas: readonly string[]): MakeHead {
  return (name, own) => {
    const labels = withoutEmpty({ ...target, ...own });
    const texts = replicas.map((replica) => textOf(name, replica === '' ? labels : { ...labels, replica }));
    return { name, labels, texts };
  };
}

/** To Prometheus an empty label is none. */
function withoutEmpty(labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ''));
}

function textOf(name: string, labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `${name}{${pairs.map(([label, value]) => `${label}="${escaped(value)}"`).join(',')}} `;
}

function escaped(value: string): string {
  return value.replace(/[\\"\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`));
}
