import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import pg, { type ClientConfig } from 'pg';
import type { OwnConnection } from '../database.ts';

const farewellMs = 1000;

/** A connection beside those of the pool, whose socket is ours: the driver waits for the server to say goodbye, and it may never. */
export function ownConnection(config: ClientConfig): OwnConnection {
  const socket = new Socket();
  const client = new pg.Client({ ...config, stream: () => socket });
  // Errors reach whoever waits for an answer; without a listener they would end the process.
  client.on('error', () => undefined);
  return {
    client,
    close: async () => {
      await Promise.race([client.end().catch(() => undefined), sleep(farewellMs, undefined, { ref: false })]);
      socket.destroy();
    },
  };
}
