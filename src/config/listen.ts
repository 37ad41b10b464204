import type { AddressInfo, Server } from 'node:net';
import { ConfigError } from './environment.ts';

/** Address of a server, and the settings that it comes from. */
interface Place {
  readonly port: number;
  readonly host: string;
  readonly settings: { readonly port: string; readonly host: string };
}

/** Starts to listen. @returns the port. @throws ConfigError that names the setting to change */
export async function listen(server: Server, place: Place): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const problem = problems[cause.code ?? ''];
      reject(problem ? new ConfigError(problem(place), { cause }) : cause);
    });
    server.listen(place.port, place.host, resolve);
  });
  return (server.address() as AddressInfo).port;
}

const notLocal = ({ host, settings }: Place) =>
  `${settings.host}: cannot listen on ${host} (not an address of this machine). Set ${settings.host}=0.0.0.0 to listen on all addresses.`;

/** Describes failures to listen and their cure, by error code. */
const problems: Readonly<Record<string, (place: Place) => string>> = {
  EADDRINUSE: ({ port, settings }) =>
    `${settings.port}: ${port} is already in use. Stop the process that uses it, or set another port.`,
  EACCES: ({ port, settings }) =>
    `${settings.port}: no permission to listen on ${port}. Set a port of 1024 or higher.`,
  EADDRNOTAVAIL: notLocal,
  ENOTFOUND: notLocal,
  EAI_AGAIN: notLocal,
};
