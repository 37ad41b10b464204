/** PostgreSQL error classes that mean "not now": connection, resources, shutdown, recovery. */
const postgresAway = /^(08|53|57P|25006)/;
const networkAway = /^(ECONN|EPIPE|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)/;
const saysAway =
  /Connection (is closed|terminated|ended)|timeout exceeded when trying to connect|Query read timeout|Command timed out|Stream isn't writeable|^(LOADING|READONLY|OOM|MASTERDOWN|CLUSTERDOWN|NOREPLICAS|MISCONF) /;

/** Whether an error says that PostgreSQL or Redis is away, rather than that the code is wrong. */
export function isOutage(error: unknown): boolean {
  for (let link = error; link instanceof Error; link = link.cause) {
    const { code } = link as { code?: unknown };
    if (typeof code === 'string' && (postgresAway.test(code) || networkAway.test(code))) {
      return true;
    }
    if (
      code === '57014' ||
      link.name === 'MaxRetriesPerRequestError' ||
      saysAway.test(link.message)
    ) {
      return true;
    }
  }
  return false;
}
