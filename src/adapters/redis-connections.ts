import type { Socket } from 'node:net';
import {
  Cluster,
  type ClusterNode,
  type ClusterOptions,
  type Command,
  Redis,
  type RedisOptions,
} from 'ioredis';
import { causeOf } from '../errors/outage-diagnosis.ts';
import { ConnectionFailures } from './redis-failures.ts';

export type Stream = Parameters<Redis['sendCommand']>[1];

/** Commands that select the user and the database of a connection. */
const setup = new Set(['auth', 'hello', 'select']);

/** A command that waits for a job has no time limit. */
const blocking = { commandTimeout: undefined, enableAutoPipelining: false };

/** The internal queue of an ioredis connection. */
interface Waiting {
  readonly commandQueue: { readonly length: number };
}

/**
 * A connection that is closed if Redis rejects its setup. ioredis itself would continue: in database
 * 0 after a failed SELECT, or as the default user after a failed AUTH.
 */
export class CheckedRedis extends Redis {
  // Neither is private: `super` connects before it would exist.
  protected gathering: Socket | undefined;

  override sendCommand(command: Command, stream?: Stream): unknown {
    this.gather();
    const result = super.sendCommand(command, stream);
    if (setup.has(command.name)) {
      command.promise.catch((error: Error) => {
        // Redis before 6 does not know HELLO.
        if (!/NOPROTO|unknown command/i.test(error.message)) this.rejected(error);
      });
    }
    return result;
  }

  /** Sends the commands of one turn of the event loop in one write. */
  protected gather(): void {
    const { stream } = this as unknown as { readonly stream: Socket | undefined };
    if (!stream || stream === this.gathering) return;
    this.gathering = stream;
    stream.cork();
    setImmediate(() => {
      this.gathering = undefined;
      stream.uncork();
    });
  }

  /** Number of commands without a reply. */
  get pending(): number {
    return this.commandQueue.length + this.autoPipelineQueueSize;
  }

  /** Returns the servers that accept writes. */
  primaries(): readonly Redis[] {
    return [this];
  }

  /** Opens Bee-Queue's connection that waits for jobs. It does not reconnect after an error. */
  override duplicate(): Redis {
    const options = { ...this.options, ...blocking, retryStrategy: null };
    const connection = new CheckedRedis(options as Omit<RedisOptions, 'replyMapping'>);
    connection.once('ready', () => {
      connection.options.socketTimeout = undefined;
    });
    return failAtEnd(connection);
  }

  /** Closes the connection. Another one is tried later. */
  protected rejected(_error: Error): void {
    this.disconnect(true);
  }
}

/** Connections to the nodes of a Redis Cluster. */
export class RedisCluster extends Cluster {
  constructor(nodes: ClusterNode[], options: Omit<ClusterOptions, 'redisOptions'>) {
    super(nodes, options);
    const failures = new ConnectionFailures();
    // On copies of the connections to nodes, it asks for their slots.
    this.on('+node', (node: Redis) => {
      const copy = node.duplicate.bind(node) as (options?: Partial<RedisOptions>) => Redis;
      node.duplicate = ((options) => failures.watch(copy(options))) as Redis['duplicate'];
    });
    this.on('refresh', () => failures.forget());
    this.on('error', () => failures.last && this.rejected(failures.last));
    this.on('node error', (error: Error) => {
      if (causeOf(error)?.isMisconfigured) this.rejected(error);
    });
  }

  get pending(): number {
    const waiting = (node: Redis) => (node as unknown as Waiting).commandQueue.length;
    return this.nodes().reduce((sum, node) => sum + waiting(node), this.autoPipelineQueueSize);
  }

  primaries(): readonly Redis[] {
    return this.nodes('master');
  }

  /** ioredis closes the connection to a node that cannot be used, and tries again. */
  protected rejected(_error: Error): void {}

  override duplicate(): Cluster {
    const redisOptions = { ...blocking, socketTimeout: undefined };
    const options = { enableAutoPipelining: false, clusterRetryStrategy: null, redisOptions };
    return failAtEnd(super.duplicate([], options));
  }
}

/** Makes a connection emit an error when it ends. After an orderly close by Redis it would not. */
function failAtEnd<Connection extends Redis | Cluster>(connection: Connection): Connection {
  connection.on('error', () => undefined);
  connection.once('end', () => connection.emit('error', new Error('Connection is closed.')));
  return connection;
}
