/** Address from which HAProxy connects to the servers; no client has it. */
export const BALANCER_ADDRESS = '127.255.255.254';

/** Ports of HAProxy, and of what stands behind it. */
export interface BalancerPorts {
  /** Ports at which clients find the API, servers a pooler, and poolers the primary. */
  readonly api: number;
  readonly pooler: number;
  readonly primary: number;
  readonly servers: readonly number[];
  readonly poolers: readonly number[];
  /** PostgreSQL, and Patroni's REST API for it. */
  readonly nodes: readonly { readonly port: number; readonly api: number }[];
}

const lines = <T>(some: readonly T[], line: (one: T, number: number) => string): string =>
  some.map((one, index) => `  ${line(one, index + 1)}`).join('\n');

/**
 * Writes the configuration of HAProxy 2.6. A server is asked once a second whether it is ready, and
 * gets no new requests when three answers in a row are late or negative. If no server is ready, those
 * that live are asked: without Redis, for example, tokens can still be refreshed. A pooler and a
 * primary also lose their connections, which might lead to a frozen process or a former primary.
 */
export const balancerSettings = (socket: string, ports: BalancerPorts): string => `
global
  maxconn 2000
  nbthread 1
  stats socket ${socket} mode 600 level admin

defaults
  timeout connect 1s
  timeout check 2s
  timeout client 30s
  timeout server 30s
  timeout queue 5s
  retries 3
  option redispatch 1
  default-server check inter 1s fall 3 rise 1

frontend api
  mode http
  bind 127.0.0.1:${ports.api}
  option forwardfor
  use_backend living if { nbsrv(ready) eq 0 }
  default_backend ready

backend ready
  mode http
  balance roundrobin
  source ${BALANCER_ADDRESS}
  option httpchk GET /readyz
  http-check expect status 200
${lines(ports.servers, (port, number) => `server server-${number} 127.0.0.1:${port}`)}

backend living
  mode http
  balance roundrobin
  source ${BALANCER_ADDRESS}
  option httpchk GET /healthz
  http-check expect status 200
${lines(ports.servers, (port, number) => `server server-${number} 127.0.0.1:${port}`)}

listen pooler
  mode tcp
  bind 127.0.0.1:${ports.pooler}
  timeout client 1h
  timeout server 1h
  balance leastconn
  option pgsql-check user gatehouse
  default-server on-marked-down shutdown-sessions
${lines(ports.poolers, (port, number) => `server pooler-${number} 127.0.0.1:${port}`)}

listen primary
  mode tcp
  bind 127.0.0.1:${ports.primary}
  timeout client 1h
  timeout server 1h
  option httpchk GET /primary
  http-check expect status 200
  default-server on-marked-down shutdown-sessions
${lines(ports.nodes, ({ port, api }, number) => `server postgres-${number} 127.0.0.1:${port} check port ${api}`)}
`;
