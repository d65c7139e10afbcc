import type { Clock } from '../../../kit/clock.ts';
import type { Log } from '../../../kit/log.ts';
import type { AlertContexts } from '../alerts/alert-contexts.ts';
import type { AlertRelay } from '../alerts/relay.ts';
import type { Expectations } from '../expectations/expectation.ts';
import type { Finder } from '../find/create-finder.ts';
import type { HardwareControl } from '../hardware/hardware-control.ts';
import type { AttributeCheck } from '../inventory/sanitize.ts';
import type { ServiceDiscovery } from '../service-discovery/service-discovery.ts';
import type { CmdbStore, LookResult } from '../store/cmdb-store.ts';
import type { MaintenanceBook } from '../store/maintenance-book.ts';

/** What the routes of the API need of the daemon. Each table of routes names what it uses. */
export interface CmdbServices {
  readonly store: CmdbStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly finder: Finder;
  /** Custom attributes as the configuration wants them. */
  readonly check: AttributeCheck;
  readonly sources: SourceControl;
  /** The hardware of all sources that have some; undefined where none has. */
  readonly hardware: HardwareControl | undefined;
  readonly maxImportBytes: number;
  /** As the configuration has them now. */
  readonly expectations: () => Expectations;
  /** Whether a maintenance window or its state puts the item under maintenance now. */
  readonly isUnderMaintenance: (itemId: number) => boolean;
  readonly maintenance: MaintenanceBook;
  /** Told when a window is new or changed, so that its silences do not wait for the next turn. */
  readonly onWindowChanged: () => void;
  readonly discovery: ServiceDiscovery;
  readonly contexts: AlertContexts;
  readonly relay: AlertRelay;
  /** Where people reach this daemon, for links; undefined leaves them out. */
  readonly externalUrl: string | undefined;
}

/** Sources of the configuration, as people ask for them. */
export interface SourceControl {
  readonly list: () => readonly ConfiguredSource[];
  /** Looks now, after a look that is under way. Undefined if there is no such source. Rejects with a SourceError if it cannot be seen. */
  readonly look: (name: string, ask: LookRequest) => Promise<LookResult | undefined>;
}

export interface ConfiguredSource {
  readonly name: string;
  readonly type: string;
  /** Seconds between two looks. */
  readonly everySeconds: number;
}

export interface LookRequest {
  readonly actor: string;
  /** True finds out what it would change, and changes nothing. */
  readonly isDryRun: boolean;
  /** True lets any number of items go missing this time. */
  readonly allowMissing: boolean;
  readonly signal: AbortSignal;
}
