import { isEditor } from '../../../services/role';
import type { ServiceProblem } from '../../../services/service-problem';
import { useAnswer } from '../../../services/use-answer';
import type { BillHeading } from './bill';
import { closedBillsQuestion, draftQuestion } from './bill-ref';

export interface BillsAnswer {
  /** Undefined until billing has answered. */
  readonly closed: readonly BillHeading[] | undefined;
  /** What is owed for the current period. */
  readonly drafts: readonly BillHeading[];
  readonly hasMore: boolean;
  readonly problem: ServiceProblem | undefined;
  readonly isLoading: boolean;
  readonly askAgain: () => void;
}

/** Asks nothing where Grafana would refuse it. */
export function useBills(tenant: string, limit: number): BillsAnswer {
  const mayAsk = isEditor();
  const closed = useAnswer(mayAsk ? closedBillsQuestion(tenant, limit) : undefined);
  const draft = useAnswer(mayAsk ? draftQuestion(tenant) : undefined);
  return {
    closed: closed.value?.bills,
    drafts: draft.value?.bills ?? [],
    hasMore: closed.value?.next !== undefined,
    problem: closed.problem ?? draft.problem,
    isLoading: closed.isLoading || draft.isLoading,
    askAgain: () => {
      closed.askAgain();
      draft.askAgain();
    },
  };
}
