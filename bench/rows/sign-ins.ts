import { RequestOtpDocument, VerifyOtpDocument } from '../../client/generated/graphql.ts';
import type { SignInResult } from '../client/sign-in-flow.ts';
import { foreignLoad, readCpuTimes } from '../machine/cpu-time.ts';
import { foreignNoise } from '../measure/compare.ts';
import { median } from '../measure/statistics.ts';
import type { Lab } from '../setup/lab.ts';
import { graphql, newAddresses } from '../setup/people.ts';
import type { Block } from './block.ts';
import { figure, type Row, unlessNoisy } from './row.ts';

/** Seconds of each rate. */
const SECONDS = 8;
const TURNS = 3;
const MAILS = 50;
/** Sign-ins a second, until one rate fails or takes longer than `MAX_P95`. */
const RATES = [50, 100, 150, 200, 300, 400];
const MAX_P95 = 300;

const documents = {
  request: graphql(RequestOtpDocument, { input: { email: '{email}' } }),
  verify: graphql(VerifyOtpDocument, {
    input: { email: '{email}', otp: '{otp}', challengeId: '{challengeId}' },
  }),
};

/** Signs people in by code, at a fixed rate. New ones unless told otherwise. */
export const signInsAt = (
  { client, server }: Lab,
  rate: number,
  emails: readonly string[] = newAddresses(rate * SECONDS),
): Promise<SignInResult> => client.signIns({ port: server.port, rate, emails, documents });

/** Rows 16 and 17: time to the mail, and whole sign-ins at growing rates. */
export const signIns: Block = async (lab, { say }) => {
  const before = readCpuTimes();
  const mails: number[] = [];
  for (let turn = 0; turn < TURNS; turn += 1) {
    mails.push((await signInsAt(lab, MAILS)).mail.p95);
  }
  let best: { rate: number; p95: number } | undefined;
  for (const rate of RATES) {
    const { whole, failures } = await signInsAt(lab, rate);
    say(`  ${rate} sign-ins a second: p95 ${figure(whole.p95)} ms, ${failures} failed`);
    if (failures > 0 || whole.p95 > MAX_P95) break;
    best = { rate, p95: whole.p95 };
  }
  const noise = foreignNoise(foreignLoad(before, readCpuTimes()));
  const row = (bounds: Omit<Row, 'figure' | 'detail'>, shown: string, detail: string): Row =>
    unlessNoisy(noise, { ...bounds, figure: shown, detail });
  const mail = median(mails);
  const toMail = { target: '16', title: `\`requestOtp\` to SMTP at ${MAILS}/s, p95` };
  const whole = { target: '17', title: 'whole sign-in by code, highest rate without errors, p95' };
  return {
    rows: [
      row(
        { ...toMail, atLeast: '≤ 500 ms', aim: '≤ 150 ms', met: mail <= 500 },
        `${figure(mail)} ms`,
        '',
      ),
      row(
        { ...whole, atLeast: '≤ 300 ms', aim: '≤ 150 ms', met: best !== undefined },
        `${figure(best?.p95 ?? Number.NaN)} ms`,
        `at ${best?.rate ?? 0} a second`,
      ),
    ],
  };
};
