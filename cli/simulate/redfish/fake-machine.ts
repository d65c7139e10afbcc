/** The hardware of one made-up server, the same whichever maker's controller tells it. */
export interface FakeMachine {
  readonly nodeName: string;
  readonly serial: string;
  readonly uuid: string;
  readonly bmc: { readonly uuid: string; readonly mac: string; readonly ip: string };
  readonly rack: string | undefined;
  readonly gpus: readonly FakeGpu[];
  readonly nics: readonly { readonly mac: string; readonly model: string; readonly serial: string }[];
  readonly disks: readonly { readonly serial: string; readonly model: string; readonly bytes: number }[];
  readonly supplies: readonly { readonly serial: string; readonly model: string; readonly watts: number }[];
}

export interface FakeGpu {
  readonly uuid: string;
  readonly serial: string;
  readonly model: string;
  readonly vbios: string;
}

export type JsonResource = Readonly<Record<string, unknown>>;

/** Resources by path; those that change are made anew for each answer. */
export type ResourceTree = Map<string, JsonResource | (() => JsonResource)>;

export interface LiveState {
  readonly powerState: () => 'On' | 'Off' | 'PoweringOn' | 'PoweringOff';
  /** A number that differs a little from moment to moment, around `middle`; `key` tells sensors apart. */
  readonly wobble: (key: number, middle: number, width: number) => number;
  readonly media: (drive: string) => { readonly image: string | undefined };
  readonly entries: () => readonly FakeLogEntry[];
  readonly faults: ReadonlySet<string>;
}

export interface FakeLogEntry {
  readonly id: number;
  readonly created: string;
  readonly severity: 'OK' | 'Warning' | 'Critical';
  readonly message: string;
}

/** What distinguishes the controllers of one maker. */
export interface Flavour {
  readonly resources: (machine: FakeMachine, state: LiveState) => ResourceTree;
  readonly canExpand: boolean;
  readonly hasEtags: boolean;
  readonly hasSessions: boolean;
  /** Entries of a log that come at once; undefined for all of them. */
  readonly logPageSize: number | undefined;
  readonly newestFirst: boolean;
  /** Whether an action is answered with a task that takes its time. */
  readonly hasTasks: boolean;
  /** Where the location of a new session is told as a whole address. */
  readonly absoluteLocations: boolean;
}

export function collection(
  tree: ResourceTree,
  path: string,
  members: Readonly<Record<string, JsonResource | (() => JsonResource)>>,
): void {
  const paths = Object.keys(members).map((id) => `${path}/${id}`);
  tree.set(path, {
    '@odata.id': path,
    '@odata.type': '#Collection.Collection',
    Name: 'Collection',
    'Members@odata.count': paths.length,
    Members: paths.map(link),
  });
  for (const [id, member] of Object.entries(members)) {
    const own = `${path}/${id}`;
    tree.set(own, () => ({ '@odata.id': own, Id: id, ...(typeof member === 'function' ? member() : member) }));
  }
}

export function link(path: string): JsonResource {
  return { '@odata.id': path };
}

export const enabled = { State: 'Enabled', Health: 'OK' } as const;
