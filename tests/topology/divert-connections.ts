import { Socket } from 'node:net';

/**
 * Loaded before everything else by `NODE_OPTIONS=--import=…`: leads connections of this process to
 * other ports of this machine. `DIVERTED_PORTS` names them: `{ "6379": 7001 }`.
 */
const diverted: Readonly<Record<string, number>> = JSON.parse(process.env.DIVERTED_PORTS ?? '{}');
const connect = Socket.prototype.connect;

/** Takes a port and a host, or options; `net.connect` passes all its arguments as one array. */
function connectDiverted(this: Socket, ...given: unknown[]): Socket {
  const [first, ...rest] = given;
  const options = Array.isArray(first) ? first[0] : first;
  if (typeof options !== 'object') {
    return Reflect.apply(connect, this, [diverted[String(first)] ?? first, ...rest]);
  }
  const port = diverted[String(options.port)];
  if (port !== undefined) options.port = port;
  return Reflect.apply(connect, this, given);
}

Socket.prototype.connect = connectDiverted as typeof connect;
