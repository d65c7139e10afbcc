interface NotApart {
  /** All labels where it is left out. */
  readonly labels?: readonly string[];
  readonly why: string;
}

const other = 'the quiet example is looked at another time, and fires when the firing one is looked at';
const cause = 'this label is not of the place but of the cause, and the quiet example is about another cause';

/** Alerts whose two examples cannot be shown side by side, and why. */
export const notApart: Readonly<Record<string, NotApart>> = {
  GpuXidNodeReboot: { why: other },
  GpuXidManual: { why: other },
  GpuFleetEvent: { labels: ['folded'], why: cause },
  GpuXidUnclassified: { labels: ['xid'], why: cause },
  TrainingLossSpike: { why: other },
  TrainingNotStarted: { why: other },
  TrainingStraggler: { labels: ['phase'], why: cause },
  TrainingCheckpointStale: { why: other },
  TrainingCheckpointFailed: { why: other },
  TrainingSourceErrors: { why: other },
  TrainingLimitReached: { why: other },
  TenantRateLimited: { labels: ['reason'], why: cause },
  InferenceUsageMissing: { labels: ['reason'], why: cause },
  InferenceQueueGrowing: { labels: ['engine_kind'], why: cause },
  InferenceReplicaImbalance: { labels: ['instance'], why: 'the replicas of a model are compared with each other' },
  CmdbCiStale: {
    labels: ['class', 'name', 'node'],
    why: 'an item is known by its ci alone; the others follow from it',
  },
  CmdbUnknownGpus: {
    labels: ['cluster', 'node'],
    why: 'the quiet example is about an inventory without all its series',
  },
  NodeMaintenance: { labels: ['cluster', 'node'], why: 'the two examples are about the same items of the inventory' },
  HardwareHealthCritical: { labels: ['component'], why: cause },
  NodeDown: { why: 'the quiet example has a machine without a name, which would get one' },
  NodeClockNotSynchronised: { why: other },
  InfinibandPortDown: { why: other },
  GpuPodOomKilled: { why: other },
  BridgeDeadLetter: { why: other },
  TsdbWalCorrupted: { why: other },
  AlertmanagerMembersMissing: { why: 'members with other labels are counted as one group with the first' },
};
