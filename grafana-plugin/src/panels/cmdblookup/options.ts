export interface Options {
  /** A host name, GPU UUID, serial number, address or tenant, or variables of the board that hold one. */
  readonly lookup: string;
  readonly hasSearch: boolean;
}

export const defaults: Options = { lookup: '', hasSearch: true };
