import type { Mail } from '#src/ports.ts';
import { codeIn } from '#tests/support/code-in-mail.ts';
import { wrongCode } from '#tests/support/flow.ts';
import type { Call } from './call.ts';
import { Held, type HeldThing } from './script.ts';
import type { RestAnswer } from './translate.ts';

/** Sent where nothing of the kind has come yet. */
const nothing: Readonly<Record<HeldThing, string>> = {
  'access token': 'none',
  'refresh token': 'none',
  'sign-in code': '000000',
  'reset code': '000000',
  'sign-in challenge': '0000-0000-0000-0000-0000-0000-0000-0000-0000-0000',
  'reset challenge': '0000-0000-0000-0000-0000-0000-0000-0000-0000-0000',
  session: '00000000-0000-7000-8000-000000000000',
};

/** What the people of a script have got from one Gatehouse. */
export class Holdings {
  readonly #held: { thing: HeldThing; of: string; value: string }[] = [];

  readMail({ to, subject, text }: Mail): void {
    const value = codeIn(text);
    if (!value) return;
    const thing = /sign in/.test(subject) ? 'sign-in code' : 'reset code';
    this.#held.unshift({ thing, of: to.address, value });
  }

  readAnswer({ operation, input }: Call, { body }: RestAnswer): void {
    const of = typeof input?.email === 'string' ? input.email.trim().toLowerCase() : '';
    const { challenge_id, access, refresh } = body as Record<string, string | undefined>;
    const keep = (thing: HeldThing, value: string | undefined) => {
      if (value !== undefined) this.#held.unshift({ thing, of, value });
    };
    keep(operation === 'forgotPassword' ? 'reset challenge' : 'sign-in challenge', challenge_id);
    keep('access token', access);
    keep('refresh token', refresh);
    // A refresh does not say whose it is, and opens none.
    if (operation === 'verifyOtp') keep('session', access && sessionIn(access));
  }

  /** The value behind what a script says, of anything. */
  find(given: unknown): unknown {
    if (!(given instanceof Held)) return given;
    const { thing, of, age, changed } = given;
    const all = this.#held.filter((each) => each.thing === thing && (of ?? each.of) === each.of);
    const value = all[Math.min(age, all.length - 1)]?.value ?? nothing[thing];
    if (changed === 'wrong') return wrongCode(value);
    return changed === 'padded' ? `  ${value}\n` : value;
  }
}

const sessionIn = (accessToken: string): string =>
  JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString()).sid;
