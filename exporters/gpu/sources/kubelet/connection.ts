import type { Client, ClientUnaryCall } from '@grpc/grpc-js';
import { isConnectionFailure } from './failure.ts';
import { socketIdentity } from './socket.ts';

export interface KubeletConnection {
  /** Calls a method that takes an empty message; answers the encoded message. Rejects with what gRPC or the socket says. */
  readonly call: (path: string) => Promise<Buffer>;
  /** Calls under way fail. */
  readonly close: () => void;
}

export interface ConnectionOptions {
  readonly socket: string;
  readonly timeoutSeconds: number;
  readonly maxBytes: number;
}

/** A client, and the socket that it is connected to. */
interface Open {
  readonly client: Client;
  readonly identity: string;
}

const emptyMessage = Buffer.alloc(0);
/** Of the connectivity states of gRPC, whose names are only there once it is loaded. */
const connecting = 1;

/**
 * Keeps one gRPC connection over a Unix socket. gRPC waits longer and longer before it tries again to connect, so a client that failed is
 * thrown away. gRPC is loaded with the first call: a machine without a kubelet does not need its memory.
 */
export function createKubeletConnection({ socket, timeoutSeconds, maxBytes }: ConnectionOptions): KubeletConnection {
  const underWay = new Set<ClientUnaryCall>();
  let open: Open | undefined;
  let isClosed = false;

  async function connected(): Promise<Client> {
    const [identity, grpc] = await Promise.all([socketIdentity(socket), import('@grpc/grpc-js')]);
    if (isClosed) throw new Error('the connection is closed');
    if (open?.identity === identity) return open.client;
    drop();
    const client = new grpc.Client(`unix:${socket}`, grpc.credentials.createInsecure(), {
      'grpc.max_receive_message_length': maxBytes,
      'grpc.use_local_subchannel_pool': 1,
      'grpc.enable_http_proxy': 0,
      'grpc.enable_retries': 0,
      'grpc.service_config_disable_resolution': 1,
    });
    open = { client, identity };
    return client;
  }

  function drop(): void {
    open?.client.close();
    open = undefined;
  }

  function unaryCall(client: Client, path: string): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const deadline = Date.now() + timeoutSeconds * 1000;
      const call = client.makeUnaryRequest(path, unchanged, unchanged, emptyMessage, { deadline }, (error, answer) => {
        underWay.delete(call);
        if (error === null && answer !== undefined) resolve(answer);
        else reject(error ?? new Error('no answer and no error'));
      });
      underWay.add(call);
    });
  }

  return {
    call: async (path) => {
      const client = await connected();
      try {
        return await unaryCall(client, path);
      } catch (error) {
        if (open?.client === client && isConnectionFailure(error) && !isConnecting(client)) drop();
        throw error;
      }
    },
    close: () => {
      isClosed = true;
      for (const call of underWay) call.cancel();
      drop();
    },
  };
}

/**
 * Of a server that accepts and then says nothing gRPC waits for the first word, also when the client is closed: with a new client for each
 * call the sockets would pile up.
 */
function isConnecting(client: Client): boolean {
  return client.getChannel().getConnectivityState(false) === connecting;
}

function unchanged(bytes: Buffer): Buffer {
  return bytes;
}
