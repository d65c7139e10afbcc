/** What a ticket may say that it was. `unknown`: left service, and nobody knows why. */
export const ticketKinds = [
  'gpu',
  'memory',
  'nvlink',
  'pcie',
  'power',
  'cooling',
  'network',
  'host',
  'rma',
  'unknown',
] as const;
export type TicketKind = (typeof ticketKinds)[number];

/** Tickets that are about no hardware: they are read and are no failures. */
export const otherTickets: readonly string[] = ['software', 'user', 'planned'];

export function isTicketKind(word: string): word is TicketKind {
  return ticketKinds.some((kind) => kind === word);
}
