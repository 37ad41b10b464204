import {
  RemoveTrustedDeviceDocument,
  TrustedDevicesDocument,
  type TrustedDevicesQuery,
} from '../../client/generated/graphql.ts';
import { deviceButton, deviceItem } from './device-item.ts';
import { run } from './session.ts';
import { element, formatTime, say } from './views.ts';

type Device = NonNullable<TrustedDevicesQuery['trustedDevices']>[number];

/** Lists the browsers that need no second factor, each with a button that removes it. */
export async function loadTrustedDevices(): Promise<void> {
  const { trustedDevices } = await run(TrustedDevicesDocument, {});
  element('#with-devices').hidden = trustedDevices.length === 0;
  element('#trusted-devices').replaceChildren(...trustedDevices.map(itemOf));
}

function itemOf(device: Device): HTMLLIElement {
  const end = formatTime.format(new Date(device.expiresAt));
  const where = device.current ? 'this browser' : device.ipAddress;
  return deviceItem(
    device,
    `${where} · until ${end}`,
    deviceButton(
      'Remove',
      (name) => `Remove ${name} from the trusted browsers`,
      device,
      () => remove(device.id),
    ),
  );
}

async function remove(id: string): Promise<void> {
  await run(RemoveTrustedDeviceDocument, { input: { id } });
  await loadTrustedDevices();
  say('The browser was removed. Its next sign-in needs a second factor.');
}
