import type { Mail } from '#src/ports.ts';
import { codeIn } from '#tests/support/code-in-mail.ts';
import type { Call } from './call.ts';
import { Holdings } from './credentials.ts';
import { Names } from './placeholders.ts';
import type { Twin } from './replica.ts';
import type { Ask, Step } from './script.ts';
import { type State, stateOf } from './state.ts';
import type { RestAnswer } from './translate.ts';
import type { Door } from './transports.ts';

/** Of the devices. The last is longer than what is kept of it. */
const userAgents = [
  'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  'curl/8.5.0',
  'a'.repeat(600),
];

/** What came of a step, with names for what is random. */
export interface Came {
  readonly answer?: RestAnswer;
  readonly mails?: readonly object[];
}

/** One script at one twin, through one door. */
export class Run {
  readonly #twin: Twin;
  readonly #door: Door;
  readonly #network: string;
  readonly #names = new Names();
  readonly #holdings = new Holdings();

  /** @param network the first three numbers of the address of every device */
  constructor(twin: Twin, door: Door, network: string) {
    this.#twin = twin;
    this.#door = door;
    this.#network = network;
  }

  async take(step: Step): Promise<Came> {
    await this.#twin.age('waitSeconds' in step ? step.waitSeconds : 0);
    if ('makeAdmin' in step) {
      await this.#twin.sql(`update accounts set role = 'ADMIN' where email = ?`, [step.makeAdmin]);
    }
    if (!('operation' in step)) return {};
    if (step.operation === 'auditLogs') await this.#twin.writeAudit();
    const call = this.#callOf(step);
    const answer = await this.#door(this.#twin.url, call);
    this.#holdings.readAnswer(call, answer);
    const mails = await this.#twin.sendMails();
    for (const mail of mails) this.#holdings.readMail(mail);
    return this.#names.in({ answer, mails: mails.map(withoutCode) });
  }

  async state(): Promise<State> {
    await this.#twin.age(0);
    await this.#twin.writeAudit();
    return stateOf(this.#twin, this.#names);
  }

  #callOf({ device, input, bearer, ...rest }: Ask): Call {
    const found = (given: unknown) => this.#holdings.find(given);
    const entries = Object.entries(input ?? {}).map(([name, given]) => [name, found(given)]);
    return {
      ...rest,
      from: `${this.#network}.${device + 1}`,
      userAgent: userAgents[device] ?? '',
      input: input && Object.fromEntries(entries),
      bearer: found(bearer) as string | undefined,
    };
  }
}

function withoutCode(mail: Mail): Mail {
  const code = codeIn(mail.text);
  return code ? JSON.parse(JSON.stringify(mail).replaceAll(code, '‹code›')) : mail;
}
