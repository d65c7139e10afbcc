/** How patient the HTTP server is; tests make it less so. */
export interface HttpTiming {
  /** A socket on which nothing moves for so long is closed: a client that never reads must not hold memory for ever. */
  readonly idleSocketMs: number;
  /** Until the header and body of a request, or the handshake of TLS, must have come in. */
  readonly requestMs: number;
  /** How often that is looked at. */
  readonly requestCheckMs: number;
  /** How long answers that are under way may take when the server closes. */
  readonly closeGraceMs: number;
}

export const httpTiming: HttpTiming = {
  idleSocketMs: 30_000,
  requestMs: 15_000,
  requestCheckMs: 5_000,
  closeGraceMs: 1_500,
};
