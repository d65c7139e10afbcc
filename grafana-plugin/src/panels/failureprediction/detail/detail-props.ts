import type { Reading } from '../frames/reading';
import type { Horizon } from '../horizon';
import type { Fleet } from '../rows/fleet';
import type { RiskRow } from '../rows/risk-row';

export interface DetailProps {
  readonly row: RiskRow;
  readonly fleet: Fleet;
  readonly total: number;
  /** As they came, with their points over time. */
  readonly probabilities: readonly Reading[];
  readonly horizon: Horizon;
  readonly decimals: number | null | undefined;
  readonly runbooks: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly timeZone: string;
  /** While answers of Prometheus are on their way. */
  readonly isLoading: boolean;
  /** False where the service has just said that it cannot be asked. */
  readonly isConnected: boolean;
  readonly onClose: () => void;
}
