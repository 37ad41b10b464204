import type { Passkey, PasskeyList } from '../../client/src/passkeys.ts';
import { loadFactors } from './factors.ts';
import { explain, formsNamed } from './forms.ts';
import { canUse, dataOf, passkeys } from './passkey-client.ts';
import { withStepUp } from './proof.ts';
import { loadTrustedDevices } from './trusted-devices.ts';
import { element, formatTime, say } from './views.ts';

/** Lists the passkeys of the account, each with its name and a button that removes it. */
export async function loadPasskeys(): Promise<void> {
  showPasskeys(dataOf(await passkeys.list()));
}

function showPasskeys(list: PasskeyList | undefined): void {
  if (!list) return;
  for (const form of formsNamed('addPasskey')) form.hidden = !canUse(list.rpId);
  element('#no-passkeys').hidden = list.passkeys.length > 0;
  element('#passkeys').replaceChildren(...list.passkeys.map(itemOf));
}

function itemOf({ id, name, createdAt, lastUsedAt, backedUp }: Passkey): HTMLLIElement {
  const item = document.createElement('li');
  const input = document.createElement('input');
  input.value = name;
  input.maxLength = 100;
  input.ariaLabel = `Name of the passkey ${name}`;
  input.addEventListener('change', () => act(input, () => rename(id, input.value)));
  const use = document.createElement('span');
  const time = formatTime.format(new Date(lastUsedAt ?? createdAt));
  use.textContent = `${lastUsedAt ? 'Used' : 'Added'} ${time}${backedUp ? ' · synced' : ''}`;
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'quiet';
  button.textContent = 'Remove';
  button.ariaLabel = `Remove the passkey ${name}`;
  button.addEventListener('click', () => act(button, () => remove(id)));
  item.append(input, use, button);
  return item;
}

/** Runs the action of a field or button, which is disabled meanwhile. */
function act(control: HTMLInputElement | HTMLButtonElement, action: () => Promise<void>): void {
  control.disabled = true;
  void action()
    .catch((error: unknown) => explain(error))
    .finally(() => {
      control.disabled = false;
    });
}

async function rename(id: string, name: string): Promise<void> {
  dataOf(await passkeys.rename(id, name));
  await loadPasskeys();
  say('Your passkey was renamed.');
}

async function remove(id: string): Promise<void> {
  const list = await withStepUp(async () => dataOf(await passkeys.remove(id)));
  if (!list) return;
  showPasskeys(list);
  await Promise.all([loadFactors(), loadTrustedDevices()]);
  say('Your passkey was removed. It no longer signs in.');
}
