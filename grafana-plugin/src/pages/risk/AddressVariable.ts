import { VariableHide } from '@grafana/data';
import { SceneObjectUrlSyncConfig, type SceneObjectUrlValues, TextBoxVariable } from '@grafana/scenes';

/** A hidden variable that lives in the address under its own name, such as `?gpu=GPU-1`, by which other pages and boards lead here. */
export class AddressVariable extends TextBoxVariable {
  constructor(name: string, value: string) {
    super({ name, value, hide: VariableHide.hideVariable });
    this._urlSync = new SceneObjectUrlSyncConfig(this, { keys: [name] });
  }

  override getUrlState(): Record<string, string> {
    return this.state.value === '' ? {} : { [this.state.name]: this.state.value };
  }

  override updateFromUrl(values: SceneObjectUrlValues): void {
    const value = values[this.state.name];
    this.setValue(typeof value === 'string' ? value : '');
  }
}
