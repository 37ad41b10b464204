import { LoginDocument, MeDocument } from '../../client/generated/graphql.ts';
import type { Job, JobResult } from '../client/job.ts';
import { bearer, post } from '../client/raw-request.ts';
import { foreignLoad, readCpuTimes } from '../machine/cpu-time.ts';
import { foreignNoise } from '../measure/figure.ts';
import { median } from '../measure/statistics.ts';
import type { Lab } from '../setup/lab.ts';
import { graphql, PASSWORD, register, signIn } from '../setup/people.ts';
import { responses } from '../setup/responses.ts';
import type { Block } from './block.ts';
import { figure, noteNoise, type Row } from './row.ts';

/** Reads a second, while the logins come. */
const READS = 100;
/** Logins in flight. */
const IN_FLIGHT = { calm: 4, flood: 64 };
/** Seconds of work that the hash queue holds for known clients, and logins beyond it. */
const QUEUE = 2;
const BEYOND = 64;
const TURNS = 3;

interface Turn {
  readonly p99: Readonly<Record<'unloaded' | 'flood' | 'overflow', number>>;
  readonly logins: Readonly<Record<'calm' | 'flood' | 'overflow', number>>;
  readonly refusals: number;
  readonly refusalP99: number;
  readonly foreign: number;
}

/** Row 6: a cheap read, logins and refusals while logins flood. Refused clients retry at once. */
export const flood: Block = async (lab, { seconds, say }) => {
  const { client, server } = lab;
  const people = await signIn(client, server.port, 64);
  const registered = await register(client, server.port, 64);
  const read = people.map(({ accessToken }) =>
    post('/graphql', { query: MeDocument.toString() }, bearer(accessToken)),
  );
  const logins = registered.map(({ email }) =>
    graphql(LoginDocument, { input: { email, password: PASSWORD } }),
  );
  const turns: Turn[] = [];
  // The first turn compiles the code of refusals.
  await takeTurn(lab, { read, logins, seconds });
  for (let turn = 0; turn < TURNS; turn += 1) {
    turns.push(await takeTurn(lab, { read, logins, seconds: seconds * 4 }));
    say(
      `  ${JSON.stringify(turns.at(-1), (_key, value) => (typeof value === 'number' ? Number(value.toFixed(2)) : value))}`,
    );
  }
  return { rows: rowsOf(turns) };
};

interface Requests {
  readonly read: readonly string[];
  readonly logins: readonly string[];
  readonly seconds: number;
}

async function takeTurn(lab: Lab, { read, logins, seconds }: Requests): Promise<Turn> {
  const { client, server } = lab;
  const before = readCpuTimes();
  const reads: Job = {
    port: server.port,
    connections: 16,
    requests: read,
    seconds,
    rate: READS,
    expected: responses.account,
  };
  const login = (connections: number, time = seconds): Job => ({
    port: server.port,
    connections,
    requests: logins,
    seconds: time,
    expected: responses.challenge,
    refusal: { text: '"UNAVAILABLE"' },
  });
  const both = async (connections: number) => {
    // The flood is there before the first read, and until after the last.
    const flooding = client.run(login(connections, seconds + 1));
    const reading = await client.run(reads);
    return [reading, await flooding] as const;
  };
  const unloaded = await client.run(reads);
  const calm = await client.run(login(IN_FLIGHT.calm));
  const [flooded, flood] = await both(IN_FLIGHT.flood);
  const p99 = ({ latency }: JobResult) => latency.p99;
  const perSecond = (result: JobResult) => result.count / result.seconds;
  const beyondQueue = Math.ceil(QUEUE * perSecond(calm)) + BEYOND;
  const [overflowed, overflow] = await both(beyondQueue);
  return {
    p99: { unloaded: p99(unloaded), flood: p99(flooded), overflow: p99(overflowed) },
    logins: { calm: perSecond(calm), flood: perSecond(flood), overflow: perSecond(overflow) },
    refusals: overflow.refusals,
    refusalP99: overflow.refusalLatency.p99,
    foreign: foreignLoad(before, readCpuTimes()),
  };
}

function rowsOf(turns: readonly Turn[]): Row[] {
  const medianOf = (read: (turn: Turn) => number) => median(turns.map(read));
  const slower = medianOf(({ p99 }) => p99.flood / p99.unloaded);
  const share = medianOf(({ logins }) => logins.flood / logins.calm);
  const refusal = medianOf(({ refusalP99 }) => refusalP99);
  const noise = foreignNoise(Math.max(...turns.map(({ foreign }) => foreign)));
  const ms = (value: number) => `${figure(value)} ms`;
  const row = (
    title: string,
    bounds: Pick<Row, 'atLeast' | 'aim' | 'met'>,
    shown: string,
    detail: string,
    onlyWorse = false,
  ): Row => noteNoise(noise, { target: '6', title, ...bounds, figure: shown, detail }, onlyWorse);
  return [
    row(
      `\`me\` p99 while ${IN_FLIGHT.flood} logins flood / unloaded`,
      { atLeast: '≤ 2', aim: '≤ 1.3', met: slower <= 2 },
      figure(slower),
      `${ms(medianOf(({ p99 }) => p99.flood))} / ${ms(medianOf(({ p99 }) => p99.unloaded))}`,
    ),
    row(
      'logins meanwhile / unflooded',
      { atLeast: '0.95', aim: '', met: share >= 0.95 },
      figure(share),
      `${figure(medianOf(({ logins }) => logins.flood))} / ${figure(medianOf(({ logins }) => logins.calm))} a second`,
    ),
    row(
      `refusal p99, ${BEYOND} logins more than the queue holds`,
      { atLeast: '< 50 ms', aim: '', met: refusal < 50 },
      ms(refusal),
      `${figure(medianOf(({ refusals }) => refusals))} refusals; logins ${figure(medianOf(({ logins }) => logins.overflow))} a second; \`me\` p99 ${ms(medianOf(({ p99 }) => p99.overflow))}`,
      true,
    ),
  ];
}
