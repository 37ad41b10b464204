import {
  RequestStepUpDocument,
  StepUpDocument,
  type StepUpInput,
} from '../../client/generated/graphql.ts';
import { type GatehouseError, hasCode } from '../walk-through/gatehouse-error.ts';
import { clear, onSubmit } from './forms.ts';
import { canUseHere, dataOf, passkeys } from './passkey-client.ts';
import { run } from './session.ts';
import { element, forget, say } from './views.ts';

const dialog = element<HTMLDialogElement>('#proof');
const trust = element('#trust');
const mailedCode = element<HTMLFormElement>('form[name=proveByMail]');

/** The purpose of the open dialog. */
interface Question {
  /** Identifies a sign-in that waits for a factor. A step-up has none. */
  readonly challengeId: string | undefined;
  send(proof: StepUpInput): Promise<void>;
}

let question: Question | undefined;
/** Challenge of the code that a step-up has mailed. */
let mailed: string | undefined;

/**
 * Asks for one of the proofs that an error lists, until the service accepts one, and whether to trust
 * the browser, if the error offers it. Returns the answer of the service, or undefined if the user
 * cancels.
 */
export async function askForProof<Data>(
  { proofs, challengeId, trustDeviceDays }: GatehouseError,
  send: (proof: StepUpInput, trustDevice: boolean) => Promise<Data>,
): Promise<Data | undefined> {
  const box = trust.querySelector('input');
  const text = trust.querySelector('span');
  trust.hidden = !trustDeviceDays;
  if (box) box.checked = false;
  if (text) text.textContent = String(trustDeviceDays);
  const usable = proofs.filter((proof) => proof !== 'PASSKEY' || canUseHere());
  for (const part of dialog.querySelectorAll<HTMLElement>('[data-proof]')) {
    part.hidden = !usable.some((proof) => proof === part.dataset.proof);
  }
  mailedCode.hidden = true;
  let answer: Data | undefined;
  question = {
    challengeId,
    async send(proof) {
      answer = await send(proof, box?.checked ?? false);
      dialog.close();
    },
  };
  const closed = new Promise((resolve) => {
    dialog.addEventListener('close', resolve, { once: true });
  });
  dialog.showModal();
  for (const form of dialog.querySelectorAll('form')) clear(form);
  await closed;
  forget(dialog);
  return answer;
}

/**
 * Runs an operation of the signed-in account. If the service requires a proof first, asks for it and
 * runs the operation again. Returns undefined if the user cancels.
 */
export async function withStepUp<Data>(operation: () => Promise<Data>): Promise<Data | undefined> {
  try {
    return await operation();
  } catch (error) {
    if (!hasCode(error, 'STEP_UP_REQUIRED')) throw error;
    const confirmed = await askForProof(error, (input) => run(StepUpDocument, { input }));
    return confirmed && operation();
  }
}

onSubmit<StepUpInput>('prove', async (proof) => question?.send(proof));

onSubmit('proveByPasskey', async () => {
  const proof = dataOf(await passkeys.prove(question?.challengeId));
  if (proof) await question?.send(proof);
});

onSubmit('mailProof', async () => {
  const { requestStepUp } = await run(RequestStepUpDocument, {});
  mailed = requestStepUp.challengeId;
  mailedCode.hidden = false;
  mailedCode.querySelector('input')?.focus();
  say(requestStepUp.detail);
});

onSubmit<Pick<StepUpInput, 'otp'>>('proveByMail', async ({ otp }) =>
  question?.send({ otp, challengeId: mailed }),
);

element('#cancel-proof').addEventListener('click', () => dialog.close());
