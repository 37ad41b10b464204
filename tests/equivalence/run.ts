import { renderSVG } from 'uqr';
import type { Mail } from '#src/ports/mail-order.ts';
import { codeIn } from '#tests/support/code-in-mail.ts';
import type { Call } from './call.ts';
import { Credentials } from './credentials.ts';
import { Placeholders } from './placeholders.ts';
import type { Replica } from './replica.ts';
import type { Ask, Step } from './script.ts';
import { type State, stateOf } from './state.ts';
import type { RestAnswer } from './translate.ts';
import type { Transport } from './transports.ts';

/** User agents of the devices. The last one is longer than the part that is stored. */
const userAgents = [
  'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  'curl/8.5.0',
  'a'.repeat(600),
];

/** Result of a step, with placeholders for random values. */
export interface StepResult {
  readonly answer?: RestAnswer;
  readonly mails?: readonly object[];
}

/** Runs one script on one replica, over one transport. */
export class Run {
  readonly #replica: Replica;
  readonly #transport: Transport;
  readonly #network: string;
  readonly #placeholders = new Placeholders();
  readonly #credentials = new Credentials();

  /** @param network the first three numbers of the address of every device */
  constructor(replica: Replica, transport: Transport, network: string) {
    this.#replica = replica;
    this.#transport = transport;
    this.#network = network;
  }

  async take(step: Step): Promise<StepResult> {
    await this.#replica.age('waitSeconds' in step ? step.waitSeconds : 0);
    if ('makeAdmin' in step) {
      await this.#replica.sql(`update accounts set role = 'ADMIN' where email = ?`, [
        step.makeAdmin,
      ]);
    }
    if (!('operation' in step)) return {};
    if (/^(auditLogs|exportMyData|user|webhookDeliveries)$/.test(step.operation)) {
      await this.#replica.writeAudit();
    }
    if (step.operation === 'redeliver') await this.#replica.setDeliveriesAside();
    const call = this.#callOf(step);
    const answer = await this.#transport(this.#replica.url, call);
    await this.#replica.settled();
    this.#credentials.readAnswer(call, answer);
    const mails = await this.#replica.sendMails();
    for (const mail of mails) this.#credentials.readMail(mail);
    return this.#placeholders.replaceIn({
      answer: withCheckedQrCode(withoutPostgresTimes(call, answer)),
      mails: mails.map(withoutCode),
    });
  }

  async state(): Promise<State> {
    await this.#replica.age(0);
    await this.#replica.writeAudit();
    return stateOf(this.#replica, this.#placeholders);
  }

  #callOf({ device, input, bearer, cookieMode, ...rest }: Ask): Call {
    const found = (given: unknown) => this.#credentials.find(given);
    const entries = Object.entries(input ?? {}).map(([name, given]) => [name, found(given)]);
    return {
      ...rest,
      from: `${this.#network}.${device + 1}`,
      userAgent: userAgents[device] ?? '',
      input: input && Object.fromEntries(entries),
      bearer: found(bearer) as string | undefined,
      cookieMode: cookieMode && {
        ...cookieMode,
        token: found(cookieMode.token),
        device: found(cookieMode.device),
      },
    };
  }
}

const ofPostgresClock: readonly string[] = ['webhookDeliveries', 'redeliver', 'outbox'];

/** Deliveries and the age of the outbox are by PostgreSQL's clock, which no script sets. */
function withoutPostgresTimes({ operation }: Call, answer: RestAnswer): RestAnswer {
  if (!ofPostgresClock.includes(operation)) return answer;
  const text = JSON.stringify(answer.body)
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '‹time›')
    .replace(/(?<="oldest":)[1-9][\d.]*/g, '"‹age›"');
  return { ...answer, body: JSON.parse(text) };
}

/** The QR code of a random secret is the one of its URI. */
function withCheckedQrCode(answer: RestAnswer): RestAnswer {
  const { uri, qr_code: shown, ...rest } = answer.body as Record<string, unknown>;
  if (typeof uri !== 'string') return answer;
  return { ...answer, body: { ...rest, uri, qr_code: shown === renderSVG(uri) } };
}

/** A code can have the digits of a colour in the HTML. */
function withoutCode(mail: Mail): Mail {
  const code = codeIn(mail.text);
  if (!code) return mail;
  return JSON.parse(JSON.stringify(mail).replaceAll(new RegExp(`(?<!: ?#)${code}`, 'g'), '‹code›'));
}
