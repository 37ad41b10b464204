import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectionPool } from './connection-pool.ts';
import { atFixedRate } from './fixed-rate.ts';
import { type Latency, latencyOf } from './job.ts';
import type { SmtpSink } from './smtp-sink.ts';

/** Whole sign-ins by mailed code, started at fixed times. */
export interface SignInFlow {
  readonly port: number;
  /** Sign-ins a second. */
  readonly rate: number;
  readonly emails: readonly string[];
  /** Text of `requestOtp` and `verifyOtp`, with `{email}`, `{otp}` and `{challengeId}`. */
  readonly documents: { readonly request: string; readonly verify: string };
}

export interface SignInResult {
  /** From the start until the mail server has the mail. */
  readonly mail: Latency;
  /** From the start until the tokens are there. */
  readonly whole: Latency;
  readonly failures: number;
}

/** Milliseconds after which a mail counts as lost. */
const MAIL_TIMEOUT = 20_000;

export async function runSignIns(flow: SignInFlow, sink: SmtpSink): Promise<SignInResult> {
  const { port, rate, emails } = flow;
  const pool = new ConnectionPool(port);
  const mail: number[] = [];
  const whole: number[] = [];
  let failures = 0;
  const ask = async (request: string) => (await pool.send(request)).body;
  const signIn = async (email: string, startedAt: number) => {
    const { request, verify } = flow.documents;
    const { challengeId } = JSON.parse(await ask(fillIn(request, { email }))).data.requestOtp;
    const late = sleep(MAIL_TIMEOUT, undefined, { ref: false });
    const received = await Promise.race([sink.mailTo(email), late]);
    if (!received) throw new Error('no mail');
    mail.push(received.at - startedAt);
    const answer = await ask(fillIn(verify, { email, otp: received.code ?? '', challengeId }));
    if (!answer.includes('"accessToken":"')) throw new Error(answer);
    whole.push(performance.now() - startedAt);
  };
  const waiting = [...emails];
  await atFixedRate(
    rate,
    () => waiting.shift(),
    (email, dueAt) => signIn(email, dueAt).catch(() => (failures += 1)),
  );
  pool.close();
  return { mail: latencyOf(mail), whole: latencyOf(whole), failures };
}

/** Puts values into a request, and corrects its length. */
function fillIn(request: string, values: Readonly<Record<string, string>>): string {
  const filled = request.replaceAll(
    /\{(email|otp|challengeId)\}/g,
    (_, name) => values[name] ?? '',
  );
  const length = filled.length - filled.indexOf('\r\n\r\n') - 4;
  return filled.replace(/content-length: \d+/, `content-length: ${length}`);
}
