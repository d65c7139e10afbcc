/** What became of the requests of a message that are not to be sent again, by their place in it. */
export type SettledRequests = Map<number, 'delivered' | 'refused'>;
