/** The daemon that is asked. */
export interface ApiService {
  /** As its command and its options are called: cmdb. */
  readonly daemon: string;
  /** What people call it: inventory. */
  readonly what: string;
  readonly defaultUrl: string;
}

/** Where it is, and who asks. */
export interface Connection {
  readonly url: string;
  readonly tokenFile: string | undefined;
  readonly caFile: string | undefined;
  /** Whether the answer is printed as it is. */
  readonly json: boolean;
}
