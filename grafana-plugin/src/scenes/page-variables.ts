import { VariableHide, VariableRefresh } from '@grafana/data';
import {
  QueryVariable,
  SceneObjectBase,
  type SceneVariable,
  SceneVariableSet,
  type SceneVariableState,
  type VariableValue,
} from '@grafana/scenes';
import { boardVariables } from './board-variables';
import type { ClassicBoard } from './classic-board';
import { datasource } from './datasource';

interface FixedState extends SceneVariableState {
  readonly value: string[];
  /** Read by data sources: the values of such a variable are escaped for a regular expression. */
  readonly isMulti: true;
}

/** What the address of the page fixes, such as the node that it is about. */
class FixedVariable extends SceneObjectBase<FixedState> implements SceneVariable<FixedState> {
  getValue(): VariableValue {
    return this.state.value;
  }

  getValueText(): string {
    return this.state.value.join(', ');
  }
}

interface Choice {
  /** Variables of the board that the page shows at its top. */
  readonly shown: readonly string[];
  readonly fixed?: Readonly<Record<string, string>>;
  /** Queries such as `label_values(gpu_up{uuid=~"$uuid"}, node)` for what follows from what is fixed. */
  readonly found?: Readonly<Record<string, string>>;
}

/** The variables that panels of a board need, some of them chosen by the page and not by the reader. */
export function pageVariables(board: ClassicBoard, { shown, fixed = {}, found = {} }: Choice): SceneVariableSet {
  const own = boardVariables(board).state.variables.filter(({ state }) => shown.includes(state.name));
  return new SceneVariableSet({
    variables: [
      ...own.map((variable) => variable.clone()),
      ...Object.entries(fixed).map(([name, value]) => fixedVariable(name, value)),
      ...Object.entries(found).map(([name, query]) => foundVariable(name, query)),
    ],
  });
}

function fixedVariable(name: string, value: string): SceneVariable {
  return new FixedVariable({
    type: 'constant',
    name,
    value: [value],
    isMulti: true,
    hide: VariableHide.hideVariable,
    skipUrlSync: true,
  });
}

function foundVariable(name: string, query: string): SceneVariable {
  return new QueryVariable({
    name,
    datasource,
    query: { query, refId: 'StandardVariableQuery' },
    refresh: VariableRefresh.onTimeRangeChanged,
    isMulti: true,
    hide: VariableHide.hideVariable,
    skipUrlSync: true,
  });
}
