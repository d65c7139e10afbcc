import type { Service } from './service';

/**
 * Why a service gave no answer:
 * - `not_set_up` its address is missing in the connections of the app, or the app is not enabled;
 * - `signed_out` nobody is signed in to Grafana;
 * - `forbidden` Grafana does not let this role ask;
 * - `token` the service refuses the token that Grafana holds;
 * - `not_found` it knows no such thing;
 * - `refused` it does not take what was asked, and `detail` says why;
 * - `unreachable` nobody answers at its address;
 * - `slow` no answer within the time limit;
 * - `failed` it answered with an error of its own;
 * - `not_json` something else answers there, such as a login page.
 */
export type ProblemKind =
  | 'not_set_up'
  | 'signed_out'
  | 'forbidden'
  | 'token'
  | 'not_found'
  | 'refused'
  | 'unreachable'
  | 'slow'
  | 'failed'
  | 'not_json';

export class ServiceProblem extends Error {
  override readonly name = 'ServiceProblem';
  readonly kind: ProblemKind;
  readonly service: Service;
  /** What the service or Grafana said, if it said something for people. */
  readonly detail: string | undefined;

  constructor(kind: ProblemKind, service: Service, detail?: string) {
    super(`${service}: ${kind}${detail === undefined ? '' : `: ${detail}`}`);
    this.kind = kind;
    this.service = service;
    this.detail = detail;
  }
}
