import { Agent, request } from 'node:http';

/** Sends requests, all over one connection or each over a new one, until `stop` is called. */
export function keepAsking(url: string, keepAlive: boolean) {
  const outcomes: (string | number)[] = [];
  const agent = new Agent({ keepAlive, maxSockets: 1 });
  let isOver = false;
  const ask = () =>
    new Promise<string | number>((done) => {
      const fail = (error: NodeJS.ErrnoException) => done(`${error.syscall} ${error.code}`);
      const outgoing = request(url, { agent }, (answer) => {
        answer.on('error', fail).on('end', () => done(answer.statusCode ?? 0));
        answer.resume();
      });
      outgoing.on('error', fail).end();
    });
  const asking = (async () => {
    while (!isOver) outcomes.push(await ask());
    agent.destroy();
    return outcomes;
  })();
  return {
    outcomes,
    stop: () => {
      isOver = true;
      return asking;
    },
  };
}
