import type { ClientBase, Connection, Submittable } from 'pg';

/** What the driver calls on a query; what COPY has no use for does nothing. */
interface CopyQuery extends Submittable {
  readonly handleCopyInResponse: (connection: CopyConnection) => void;
  readonly handleCopyData: (message: { readonly chunk: Buffer }) => void;
  readonly handleCommandComplete: (message: { readonly text: string }) => void;
  readonly handleReadyForQuery: () => void;
  readonly handleError: (error: Error) => void;
  readonly handleRowDescription: () => void;
  readonly handleDataRow: () => void;
  readonly handleEmptyQuery: () => void;
  readonly handlePortalSuspended: () => void;
}

interface CopyConnection {
  readonly sendCopyFromChunk: (chunk: Buffer) => void;
  readonly endCopyFrom: () => void;
}

/** Runs `COPY … TO STDOUT`; `onRow` gets each row as a line, in memory that is used again afterwards. */
export function copyOut(client: ClientBase, statement: string, onRow: (line: Buffer) => void): Promise<void> {
  return run(client, statement, { onRow }).then(() => undefined);
}

/** Runs `COPY … FROM STDIN` with whole lines. Resolves with the number of rows that were taken. */
export function copyIn(client: ClientBase, statement: string, lines: Buffer): Promise<number> {
  return run(client, statement, { lines });
}

interface Work {
  readonly lines?: Buffer;
  readonly onRow?: (line: Buffer) => void;
}

function run(client: ClientBase, statement: string, { lines, onRow }: Work): Promise<number> {
  return new Promise((resolve, reject) => {
    let rows = 0;
    let isSent = false;
    const query: CopyQuery = {
      submit: (connection: Connection) => connection.query(statement),
      handleCopyInResponse: (connection) => {
        // The embedded database answers twice: its stand-in for a socket, and itself.
        if (isSent || lines === undefined) return;
        isSent = true;
        connection.sendCopyFromChunk(lines);
        connection.endCopyFrom();
      },
      handleCopyData: ({ chunk }) => onRow?.(chunk),
      handleCommandComplete: ({ text }) => {
        rows = Number(/^COPY (\d+)/.exec(text)?.[1] ?? 0);
      },
      handleReadyForQuery: () => resolve(rows),
      // The driver does not tell this query afterwards that the server is ready again.
      handleError: reject,
      handleRowDescription: () => undefined,
      handleDataRow: () => undefined,
      handleEmptyQuery: () => undefined,
      handlePortalSuspended: () => undefined,
    };
    client.query(query);
  });
}
