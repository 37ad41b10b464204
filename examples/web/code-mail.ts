import type { ChallengeFragment } from '../../client/generated/graphql.ts';
import { duration, onSubmit } from './forms.ts';
import { element, fill, say, show } from './views.ts';

/** Seconds until another code may be requested. */
const WAIT = 30;

type View = 'code' | 'reset';

/** Challenge that a typed code belongs to. */
interface Challenge {
  readonly email: string;
  readonly challengeId: string;
}

/** Operation that mails a code. It keeps the input until the code is redeemed. */
type SendCode = () => Promise<ChallengeFragment>;

let asked: (Challenge & { readonly view: View; readonly send: SendCode }) | undefined;
let countdown: ReturnType<typeof setInterval> | undefined;

/** Mails a code and opens the view to enter it. */
export async function askForCode(view: View, email: string, send: SendCode): Promise<void> {
  const { challengeId, expiresIn } = await send();
  asked = { view, email, challengeId, send };
  fill(view, { email, validity: duration(expiresIn) });
  element<HTMLAnchorElement>(`#${view} a[target]`).search = `to=${encodeURIComponent(email)}`;
  show(view);
  countDown(view);
}

/** Newest challenge. Undefined once its code is redeemed. */
export function challenge(): Challenge | undefined {
  return asked && { email: asked.email, challengeId: asked.challengeId };
}

export function forgetChallenge(): void {
  asked = undefined;
  clearInterval(countdown);
}

for (const view of ['code', 'reset'] as const) {
  onSubmit(`resend-${view}`, async () => {
    if (!asked) return show('sign-in');
    const { email, send } = asked;
    await askForCode(view, email, send);
    say('A new code is on its way. Older codes no longer work.');
  });
}

/** Disables the button that sends another code until the wait is over. */
function countDown(view: View): void {
  const button = element<HTMLButtonElement>(`form[name=resend-${view}] button`);
  const end = Date.now() + WAIT * 1000;
  const update = () => {
    const left = Math.ceil((end - Date.now()) / 1000);
    button.disabled = left > 0;
    button.textContent = left > 0 ? `Resend the code in ${left} s` : 'Resend the code';
    if (left <= 0) clearInterval(countdown);
  };
  clearInterval(countdown);
  countdown = setInterval(update, 250);
  update();
}
