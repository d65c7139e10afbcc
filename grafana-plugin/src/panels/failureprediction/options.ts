export interface Options {
  readonly lookup?: string;
}
