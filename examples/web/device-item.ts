import { explain } from './forms.ts';

/** A browser or another device, by its `User-Agent`. */
interface Device {
  readonly userAgent: string;
}

/** Makes an entry of a list of devices. */
export function deviceItem(device: Device, details: string, end: HTMLElement): HTMLLIElement {
  const item = document.createElement('li');
  const name = document.createElement('strong');
  name.textContent = deviceOf(device);
  const use = document.createElement('span');
  use.textContent = details;
  item.append(name, use, end);
  return item;
}

/** Makes a button about a device, which is disabled while its action runs. */
export function deviceButton(
  text: string,
  label: (device: string) => string,
  device: Device,
  action: () => Promise<void>,
): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'quiet';
  button.textContent = text;
  button.ariaLabel = label(deviceOf(device));
  button.addEventListener('click', () => {
    button.disabled = true;
    void action().catch((error: unknown) => {
      button.disabled = false;
      explain(error);
    });
  });
  return button;
}

/** Returns the browser and system of a user agent, or its first characters if they are unknown. */
function deviceOf({ userAgent }: Device): string {
  const browser = /(Firefox|Edg|Chrome|Safari)\//.exec(userAgent)?.[1]?.replace('Edg', 'Edge');
  const system = /(Windows|Android|iPhone|iPad|Mac OS X|Linux)/.exec(userAgent)?.[1];
  if (browser) return system ? `${browser} on ${system.replace('Mac OS X', 'macOS')}` : browser;
  return userAgent.slice(0, 40) || 'Unknown device';
}
